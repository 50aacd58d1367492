"""Runs are closed for good; what changes later comes as differences in the next one."""

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.calendar import HourKind
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.errors import DossierError
from scheduler.payout import Actuals, Stretch, TariffTable, close, payable, prepare_run, read_ledger
from scheduler.payout.sepa import paid_in
from tests.payout.paying import (
    BY_NATIONAL,
    FEBRUARY,
    HDS_ACCOUNT,
    IBAN_A,
    IBAN_C,
    IBAN_PR,
    JANUARY,
    TODAY,
    closed,
    hds,
    own_table,
    payee,
    prepared,
    rostered,
    shift,
    stretch,
)  # fmt: skip

SATURDAY = shift("2024-01-13T08:00", "2024-01-13T16:00")
NIGHT = shift("2024-01-14T23:00", "2024-01-15T08:00")
LATER = shift("2024-02-10T08:00", "2024-02-10T16:00")
ROSTER = rostered([SATURDAY, NIGHT, LATER])


def signed(folder: Path, number: int) -> list[tuple[str, str, int, str]]:
    """GP, shift, cents and reason of each line of a closed run."""
    lines = read_ledger(folder, "test").runs[number - 1].lines
    return [tuple(row) for row in lines[["gp_id", "shift_id", "amount", "reason"]].values.tolist()]


def test_running_twice_pays_nothing_twice(tmp_path: Path) -> None:
    """The second run over the same month is empty, the one over the next month has only that month."""
    closed(tmp_path, ROSTER)
    assert prepared(tmp_path, ROSTER).is_empty
    assert set(prepared(tmp_path, ROSTER, FEBRUARY).lines["shift_id"]) == {LATER.id}


def test_runs_are_numbered_one_by_one(tmp_path: Path) -> None:
    """The folder tells which comes next."""
    assert [closed(tmp_path, ROSTER, period).number for period in (JANUARY, FEBRUARY)] == [1, 2]
    assert sorted(folder.name for folder in tmp_path.iterdir() if folder.is_dir()) == ["run-0001", "run-0002"]


def test_a_swap_entered_late_takes_back_and_pays_the_other(tmp_path: Path) -> None:
    """In the run of February; the closed run of January stays as it was."""
    closed(tmp_path, ROSTER)
    before = (tmp_path / "run-0001" / "lines.csv").read_bytes()
    closed(tmp_path, ROSTER.with_gp(SATURDAY.id, "C"), FEBRUARY)
    assert signed(tmp_path, 2) == [
        ("A", SATURDAY.id, -99200, "other_gp"),
        ("C", SATURDAY.id, 99200, "other_gp"),
        ("A", LATER.id, 99200, ""),
    ]
    assert (tmp_path / "run-0001" / "lines.csv").read_bytes() == before


@pytest.mark.parametrize("told_by", ["roster", "worked"])
def test_a_shift_not_worked_is_taken_back(tmp_path: Path, told_by: str) -> None:
    """Either the roster has no GP any more, or worked.csv says that nobody came."""
    closed(tmp_path, ROSTER)
    nobody = stretch(SATURDAY, "", "2024-01-13T08:00", "2024-01-13T16:00")
    more = {"worked": [nobody]} if told_by == "worked" else {}
    closed(tmp_path, ROSTER.with_gp(SATURDAY.id, None) if told_by == "roster" else ROSTER, **more)
    assert signed(tmp_path, 2) == [("A", SATURDAY.id, -99200, "not_worked")]


def test_a_retroactive_tariff_pays_the_difference(tmp_path: Path) -> None:
    """Only the kinds whose maximum changed are settled again, at the old and the new rate."""
    closed(tmp_path, ROSTER)
    run = closed(tmp_path, ROSTER, FEBRUARY, tariffs=own_table({HourKind.NIGHT: 15053}))
    changed = run.lines[run.lines["reason"] == "tariff"]
    assert changed[["kind", "sign", "rate", "amount"]].values.tolist() == [
        ["night", -1, 14053, -112424],
        ["night", 1, 15053, 120424],
    ]


def test_the_own_table_of_the_last_run_stays_in_force(tmp_path: Path) -> None:
    """Leaving out the table once takes nothing back; another table does count."""
    closed(tmp_path, ROSTER, tariffs=own_table({HourKind.NIGHT: 15053}))
    again = prepared(tmp_path, ROSTER)
    assert again.is_empty
    assert [notice.code for notice in again.notices] == ["payout_same_tariffs"]
    assert not prepared(tmp_path, ROSTER, tariffs=own_table({HourKind.NIGHT: 14053})).is_empty


def test_a_table_for_another_time_leaves_earlier_own_rows_in_force(tmp_path: Path) -> None:
    """The correction of January is not taken back by a table that begins in February."""
    closed(tmp_path, ROSTER, tariffs=own_table({HourKind.NIGHT: 15053}, "2024-01-01", "2024-01-31"))
    run = closed(tmp_path, ROSTER, FEBRUARY, tariffs=own_table({HourKind.WEEKEND: 13000}, "2024-02-01", "2024-12-31"))
    assert run.lines[["shift_id", "amount"]].values.tolist() == [[LATER.id, 104000]]
    assert [row.cents_per_hour for row in read_ledger(tmp_path, "test").own_tariffs] == [13000, 15053]


def test_hours_cut_short_afterwards_give_the_difference(tmp_path: Path) -> None:
    """Eight hours were paid, six were worked."""
    closed(tmp_path, ROSTER)
    run = closed(tmp_path, ROSTER, worked=[stretch(SATURDAY, "A", "2024-01-13T08:00", "2024-01-13T14:00")])
    assert int(run.lines["amount"].sum()) == -2 * 12400
    assert set(run.lines["reason"]) == {"hours"}


def test_a_shift_entered_late_is_paid_with_that_reason(tmp_path: Path) -> None:
    """January was closed without the night."""
    closed(tmp_path, ROSTER.with_gp(NIGHT.id, None))
    assert {row[3] for row in (closed(tmp_path, ROSTER), signed(tmp_path, 2))[1]} == {"late"}


def test_another_payee_for_the_past_is_settled(tmp_path: Path) -> None:
    """A turns out to be paid through the practice since 2020."""
    closed(tmp_path, ROSTER)
    dossier = hds(payees=[payee("A", "Praktijk PR", IBAN_PR, via_practice=True)])
    run = closed(tmp_path, ROSTER, dossier=dossier)
    assert set(run.lines["reason"]) == {"payee"}
    assert {one.account.name: one.lines for one in run.payments} == {"Dokter A": -224024, "Praktijk PR": 224024}


def test_a_new_account_or_a_corrected_name_takes_nothing_back(tmp_path: Path) -> None:
    """That money has arrived; what comes next goes to the new account."""
    closed(tmp_path, ROSTER)
    for name, iban in (("Dokter A", IBAN_C), ("Dokter A.", IBAN_A)):
        assert prepared(tmp_path, ROSTER, dossier=hds(payees=[payee("A", name, iban)])).is_empty


def test_what_was_paid_too_much_is_set_off_with_later_runs(tmp_path: Path) -> None:
    """A owes a Saturday: nothing is transferred until later duties make up for it."""
    closed(tmp_path, ROSTER)
    debt = closed(tmp_path, ROSTER.with_gp(SATURDAY.id, "C"), debtor=HDS_ACCOUNT)
    assert {one.account.name: (one.paid, one.carried_out) for one in debt.payments} == {
        "Dokter A": (0, -99200), "Waarneming C": (99200, 0),
    }  # fmt: skip
    assert paid_in((debt.folder / "payment.xml").read_bytes()) == 99200
    two = rostered([NIGHT, LATER, shift("2024-02-11T08:00", "2024-02-11T10:00")])
    later = Roster(shifts=(SATURDAY, *two.shifts), gp_of={**two.gp_of, SATURDAY.id: "C"})
    (settled,) = closed(tmp_path, later, FEBRUARY).payments
    assert (settled.lines, settled.carried_in, settled.paid, settled.carried_out) == (124000, -99200, 24800, 0)
    assert not read_ledger(tmp_path, "test").carried


def test_an_open_amount_stays_open_in_runs_without_its_payee(tmp_path: Path) -> None:
    """A's debt is carried through a run in which only C works."""
    closed(tmp_path, ROSTER)
    given_away = Roster(shifts=ROSTER.shifts, gp_of=dict.fromkeys(ROSTER.gp_of, "C"))
    closed(tmp_path, given_away)
    run = closed(tmp_path, given_away, FEBRUARY)
    assert {one.account.name: (one.carried_in, one.carried_out) for one in run.payments} == {
        "Dokter A": (-224024, -224024), "Waarneming C": (0, 0),
    }  # fmt: skip


def test_a_roster_of_one_month_leaves_other_closed_months_alone(tmp_path: Path) -> None:
    """A file with February only must not take back January; it says so."""
    closed(tmp_path, ROSTER)
    run = prepared(
        tmp_path,
        rostered([SATURDAY, NIGHT, LATER]).of("A").with_gp(NIGHT.id, None).with_gp(SATURDAY.id, None),
        FEBRUARY,
    )
    assert set(run.lines["shift_id"]) == {LATER.id}
    assert "payout_left_alone" in {notice.code for notice in run.notices}


def test_closed_months_outside_the_dossier_are_left_alone(tmp_path: Path) -> None:
    """The dossier of the next year knows nothing of this one."""
    closed(tmp_path, ROSTER)
    only_february = hds(period=Period(start=date(2024, 2, 1), end=date(2024, 12, 31)))
    assert set(prepared(tmp_path, rostered([LATER]), FEBRUARY, only_february).lines["shift_id"]) == {LATER.id}


@pytest.mark.parametrize(
    ("today", "is_payable"), [(date(2024, 1, 31), False), (date(2024, 2, 1), True), (date(2023, 6, 1), False)]
)
def test_a_month_is_paid_when_it_is_over(today: date, is_payable: bool) -> None:
    """Not on its last day, yes on the first day after."""
    month = Period(start=date(2024, 1, 1), end=date(2024, 1, 31))
    if is_payable:
        assert not prepare_run(hds(), ROSTER, BY_NATIONAL, month, today=today).is_empty
        return
    with pytest.raises(DossierError) as refused:
        prepare_run(hds(), ROSTER, BY_NATIONAL, month, today=today)
    assert "2024-01" in refused.value.mistakes[0].expected


def test_part_of_a_month_that_is_not_over_is_refused() -> None:
    """The 15th is over on the 20th, the month is not."""
    half = Period(start=date(2024, 1, 1), end=date(2024, 1, 15))
    with pytest.raises(DossierError):
        prepare_run(hds(), ROSTER, BY_NATIONAL, half, today=date(2024, 1, 20))


def test_a_period_outside_the_dossier_is_refused_with_everything_else() -> None:
    """Also told: the wrong account number."""
    dossier = hds(payees=[payee("A", "A", "NL00")])
    with pytest.raises(DossierError) as refused:
        prepare_run(dossier, ROSTER, BY_NATIONAL, Period(start=date(2030, 1, 1), end=date(2030, 1, 31)), today=TODAY)
    assert [mistake.file for mistake in refused.value.mistakes] == ["--period", "payees.csv"]


def test_a_payment_file_needs_an_account_of_everyone_at_once(tmp_path: Path) -> None:
    """Both GPs without account number are named and nothing is written."""
    run = prepared(tmp_path, ROSTER.with_gp(NIGHT.id, "C"), dossier=hds(payees=[]))
    with pytest.raises(DossierError) as refused:
        close(run, debtor=HDS_ACCOUNT, pay_on=TODAY)
    assert len(refused.value.mistakes) == 2
    assert not list(tmp_path.iterdir())


SHIFTS = [
    shift(f"2024-01-{day}T{start}", f"2024-01-{day}T{end}", number=number)
    for day in (13, 14, 17)
    for number, start, end in ((1, "17:00", "23:00"), (2, "18:20", "22:59"))
]
World = tuple[Roster, Actuals, TariffTable]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A roster, hours really worked and a table of maxima; somebody always works."""
    gps = draw(st.lists(st.sampled_from(["A", "B", "C", None]), min_size=len(SHIFTS), max_size=len(SHIFTS)))
    gp_of = {one.id: gp_id for one, gp_id in zip(SHIFTS, gps, strict=True) if gp_id}
    worked = [
        Stretch(shift_id=one.id, gp_id=draw(st.sampled_from("ABCT")), start=one.start, end=one.start.replace(hour=end))
        for one in SHIFTS
        if (end := draw(st.sampled_from([0, 0, 0, 19, 21])))
    ]
    night, weekend = draw(st.sampled_from([13000, 14053])), draw(st.sampled_from([12400, 12999]))
    tariffs = own_table({HourKind.EVENING: night, HourKind.WEEKEND: weekend})
    return Roster(shifts=tuple(SHIFTS), gp_of=gp_of or {SHIFTS[0].id: "A"}), Actuals(worked=worked), tariffs


def pay(folder: Path, world: World) -> Counter[str]:
    """Close a run, if there is anything to pay; what each account was paid."""
    roster, actuals, tariffs = world
    ledger = read_ledger(folder, "test")
    run = prepare_run(hds(), roster, tariffs, JANUARY, today=TODAY, actuals=actuals, ledger=ledger)
    if not run.is_empty:
        close(run, debtor=None, pay_on=TODAY, with_pdf=False)
    return Counter() if run.is_empty else Counter({one.account.name: one.paid for one in run.payments})


@settings(max_examples=8, deadline=None)
@given(st.lists(worlds(), min_size=2, max_size=4))
def test_after_each_run_everyone_has_exactly_what_is_due(history: list[World]) -> None:
    """Whatever changes between runs: paid so far less what is still to be set off is what is due now, per account."""
    with TemporaryDirectory() as name:
        balance: Counter[str] = Counter()
        for world in history:
            balance.update(pay(Path(name), world))
        for payment in read_ledger(Path(name), "test").carried:
            balance[payment.account.name] += payment.carried_out
    roster, actuals, tariffs = history[-1]
    due = payable(hds(), roster, tariffs, actuals).lines.groupby("payee")["amount"].sum()
    assert {name: cents for name, cents in balance.items() if cents} == due.to_dict()


def test_only_days_of_the_dossier_count_as_paid(tmp_path: Path) -> None:
    """A period that runs on after the dossier leaves the rest to the next dossier."""
    long = Period(start=date(2024, 1, 1), end=date(2025, 1, 31))
    assert closed(tmp_path, ROSTER, long).period == Period(start=date(2024, 1, 1), end=date(2024, 12, 31))


def test_notices_are_about_the_days_asked_for(tmp_path: Path) -> None:
    """What was open in January was told in January."""
    roster = ROSTER.with_gp(NIGHT.id, None)
    assert "payout_unfilled" in {notice.code for notice in prepared(tmp_path, roster).notices}
    closed(tmp_path, roster)
    assert not prepared(tmp_path, roster, FEBRUARY).notices
