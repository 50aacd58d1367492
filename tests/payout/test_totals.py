"""Everything adds up to the same cent, or nothing is closed."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.people import Role
from scheduler.errors import PayoutUnbalanced
from scheduler.payout import close
from scheduler.payout.sepa import paid_in
from scheduler.payout.totals import require_balance, totals_file
from tests.payout.paying import HDS_ACCOUNT, TODAY, closed, hds, prepared, rostered, shift, stretch

EVENING = shift("2024-01-10T17:00", "2024-01-10T23:00")
NIGHT = shift("2024-01-14T23:00", "2024-01-15T08:00")
STANDBY = shift("2024-01-16T23:00", "2024-01-17T08:00", Role.STANDBY)
ROSTER = rostered([EVENING, NIGHT, STANDBY]).with_gp(NIGHT.id, "B").with_gp(STANDBY.id, "C")


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_lines_statements_payments_and_hours_times_rates_agree(tmp_path: Path) -> None:
    """One sum five times; the payment file is read back for its part."""
    run = closed(tmp_path, ROSTER, debtor=HDS_ACCOUNT)
    totals = rows_of((run.folder / "totals.csv").read_bytes())
    sums = {row["id"]: row["amount"] for row in totals if row["section"] == "reconciliation"}
    expected = "2000.54"
    assert {sums[key] for key in ("lines", "hours_times_rates", "statements", "paid", "payment_file")} == {expected}
    assert sums["carried_in"] == sums["carried_out"] == "0.00"
    assert paid_in((run.folder / "payment.xml").read_bytes()) == 200054
    assert sum(Decimal(row["amount"]) for row in rows_of((run.folder / "payout.csv").read_bytes())) == Decimal(expected)


@pytest.mark.parametrize("section", ["kind", "performer", "payee", "practice", "class", "month"])
def test_each_section_adds_up_to_the_whole(tmp_path: Path, section: str) -> None:
    """Per kind, performer, payee, practice, class and month."""
    run = prepared(tmp_path, ROSTER)
    totals = rows_of(totals_file(hds(), run.lines, run.outstanding, run.payments, 0, None))
    own = [row for row in totals if row["section"] == section]
    assert sum(Decimal(row["amount"]) for row in own) == Decimal("2000.54")
    assert sum(Decimal(row["hours"]) for row in own) == 24


def test_each_gp_practice_and_class_has_its_own_sum(tmp_path: Path) -> None:
    """A and B share a practice; B's money goes to it, C stands alone."""
    run = prepared(tmp_path, ROSTER)
    totals = rows_of(totals_file(hds(), run.lines, run.outstanding, run.payments, 0, None))
    sums = {(row["section"], row["id"]): row["amount"] for row in totals}
    assert sums["performer", "A"] == "617.30"
    assert sums["practice", "PR"] == "1865.54"
    assert sums["practice", ""] == "135.00"
    assert sums["class", "salaried"] == "1248.24"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 360), min_size=1, max_size=6))
def test_rounding_is_shown_and_never_more_than_half_a_cent_a_line(ends: list[int]) -> None:
    """Odd minutes: lines are rounded, hours times rate are not, the totals tell the difference."""
    shifts = [shift("2024-01-10T17:00", "2024-01-10T23:00", number=number) for number in range(len(ends))]
    worked = [
        stretch(one, "A", "2024-01-10T17:00", f"2024-01-10T{17 + end // 60:02}:{end % 60:02}")
        for one, end in zip(shifts, ends, strict=True)
    ]
    run = prepared(Path("nergens"), rostered(shifts), worked=worked)
    require_balance(run.lines, run.payments, int(run.lines["amount"].sum()), None)
    for row in rows_of(totals_file(hds(), run.lines, run.outstanding, run.payments, 0, None)):
        if row["section"] == "kind":
            rounding = Decimal(row["amount"]) - Decimal(row["hours_times_rate"])
            assert abs(rounding) <= Decimal("0.005") * int(row["lines"])
            assert abs(rounding - Decimal(row["rounding"])) <= Decimal("0.000001")


@pytest.mark.parametrize("wrong", ["statements", "payments", "lines", "rate"])
def test_a_cent_of_difference_closes_nothing(tmp_path: Path, wrong: str) -> None:
    """Wherever it is."""
    run = prepared(tmp_path, ROSTER)
    lines, payments, stated = run.lines.copy(), list(run.payments), 200054
    require_balance(lines, payments, stated, None)
    if wrong == "statements":
        stated += 1
    elif wrong == "payments":
        payments[0] = payments[0]._replace(paid=payments[0].paid + 1)
    elif wrong == "lines":
        lines.loc[0, "amount"] += 1
    else:
        lines.loc[0, "amount"] += 1
        stated += 1
        payments[0] = payments[0]._replace(paid=payments[0].paid + 1)
    with pytest.raises(PayoutUnbalanced):
        require_balance(lines, payments, stated, None)


def test_a_line_above_its_maximum_is_never_closed(tmp_path: Path) -> None:
    """Also when a program hands over lines that no reading gave."""
    run = prepared(tmp_path, ROSTER)
    night = run.lines["kind"] == "night"
    run.lines.loc[night, "maximum"] -= 1
    with pytest.raises(PayoutUnbalanced, match="maximum"):
        close(run, debtor=None, pay_on=TODAY, with_pdf=False)
    assert not list(tmp_path.iterdir())
