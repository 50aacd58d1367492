"""Service and command pay the same, to the cent and the byte: after any change between runs, and for a whole region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.auth.principal import Member, Role
from api.clock import today
from api.db.engine import Database
from api.db.tables import Base
from api.errors import Problem
from api.payouts import closing, worked
from api.payouts.run_schemas import Closing
from api.payouts.schemas import StretchEntry
from api.payouts.store import read_ledger
from api.payouts.verify import verify
from scheduler.demand import shifts_of
from scheduler.domain.people import QUALIFIED
from scheduler.domain.roster import Roster
from scheduler.domain.time import AMSTERDAM, Period
from scheduler.intake import take_in
from scheduler.payout import Actuals, Stretch, Tariff, close, national_tariffs, payable, prepare_run
from scheduler.payout import read_ledger as read_folder
from scheduler.payout.sepa import paid_in
from tests.api.payouts.in_force import EVENING, PAY, SATURDAY, SMALL, STANDBY, publish, rates
from tests.api.payouts.test_runs import DEBTOR
from tests.payout.paying import HDS_ACCOUNT, hds

DEMO = Path(__file__).resolve().parents[3] / "data" / "demo"
JANUARY = Period(start=date(2024, 1, 1), end=date(2024, 1, 31))
DATES = Closing(month="2024-01", pay_on=date(2100, 1, 4), debtor=DEBTOR)  # type: ignore[arg-type]
HANDOVERS = st.tuples(st.sampled_from([SATURDAY.id, EVENING.id, STANDBY.id]), st.sampled_from(["A", "B", "C", None]))
SPLITS = st.integers(min_value=0, max_value=8 * 60)
CHANGES = st.lists(st.one_of(HANDOVERS, SPLITS), min_size=1, max_size=3)
Change = tuple[str, str | None] | int
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One SQLite file for many HDSs."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('agreement') / 'anw.sqlite'}")
    Base.metadata.create_all(found.engine)
    return found


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=1, max_size=2))
def test_whatever_changes_between_runs_both_pay_the_same(store: Database, changes: Sequence[Sequence[Change]]) -> None:
    """Shifts handed over and split, run after run: equal files, and the runs together are what is due at the end."""
    hds_id = f"h{next(_NUMBERS)}"
    there = publish(store, dossier=hds(hds_id=hds_id))
    who = Member(None, hds_id, frozenset({Role.FINANCE}))  # type: ignore[arg-type]
    roster, actuals = SMALL, Actuals()
    with TemporaryDirectory() as work:
        for batch in [[], *changes]:
            for change in batch:
                if isinstance(change, int):
                    actuals = split(store, who, change)
                else:
                    roster = there.hand_over(*change).replace(gp_of=changed(roster, *change))
            _close_both(store, who, there.dossier.replace(hds_id=hds_id), roster, actuals, Path(work))
    with store.reading() as session:
        ledger = read_ledger(session, hds_id)
        due = payable(there.dossier, roster, national_tariffs(), actuals, frozenset(JANUARY.days())).lines
        assert ledger.lines["amount"].sum() == due["amount"].sum()
        assert verify(session, hds_id).runs == len(ledger.runs)


def changed(roster: Roster, shift_id: str, gp_id: str | None) -> dict[str, str]:
    """Who does what after one shift was given to another."""
    return dict(roster.with_gp(shift_id, gp_id).gp_of)


def split(store: Database, who: Member, minutes: int) -> Actuals:
    """Let A work the Saturday for so many minutes and C the rest, in the database; returns the same for the command."""
    moment = SATURDAY.start + timedelta(minutes=minutes)
    parts = [("A", SATURDAY.start, moment), ("C", moment, SATURDAY.end)]
    parts = [part for part in parts if part[1] < part[2]]
    entry = [StretchEntry(gp_id=gp_id, start=start, end=end) for gp_id, start, end in parts]
    with store.writing() as session:
        worked.put(session, who, worked.Worked, SATURDAY.id, entry, "*")
    return Actuals(
        worked=[Stretch(shift_id=SATURDAY.id, gp_id=gp_id, start=start, end=end) for gp_id, start, end in parts]
    )


def _close_both(store: Database, who: Member, dossier: Any, roster: Roster, actuals: Actuals, folder: Path) -> None:
    """Close January both ways and compare every file; where there is nothing to pay, both say so."""
    ledger = read_folder(folder, dossier.hds_id)
    run = prepare_run(
        dossier, roster, national_tariffs(), JANUARY, today=today(), actuals=actuals, ledger=ledger
    )  # fmt: skip
    if run.is_empty:
        with pytest.raises(Problem, match="nothing_to_pay"):
            closing.close(store, who, DATES, None)
        return
    expected = close(run, debtor=HDS_ACCOUNT, pay_on=date(2100, 1, 4), with_pdf=False).run
    closing.close(store, who, DATES, None)
    with store.reading() as session:
        found = read_ledger(session, dossier.hds_id).runs[-1]
        assert dict(found.files.items()) == dict(expected.files.items())


def test_a_month_of_a_region_is_paid_as_by_the_command(
    database: Database, as_role: Callable[..., TestClient], tmp_path: Path
) -> None:
    """350 GPs and every January shift of the demo, with rates of the HDS: all files are the same, and add up."""
    dossier = take_in(DEMO).dossier.replace(hds_id="test")
    month = Period(start=date(2027, 1, 1), end=date(2027, 1, 31))
    shifts = [shift for shift in shifts_of(dossier) if shift.day in month]
    able = [gp.id for gp in dossier.gps if gp.contract in QUALIFIED]
    roster = Roster(shifts=shifts, gp_of={one.id: able[n % len(able)] for n, one in enumerate(shifts)})
    own = rates({"evening": 12_000, "night": 15_600, "weekend": 13_700, "holiday": 15_600}, dossier.period.start, None)
    with time_machine.travel(datetime(2027, 2, 3, 12, tzinfo=AMSTERDAM), tick=True):
        publish(database, roster, dossier)
        finance = as_role("finance")
        finance.post("/api/v1/hds/test/tariffs", json={"rows": own}).raise_for_status()
        body = {"month": "2027-01", "pay_on": "2027-02-04", "debtor": DEBTOR}
        run = finance.post(f"{PAY}/runs", json=body).json()
        tariffs = national_tariffs().replace(own=[_tariff(row) for row in own])
        prepared = prepare_run(
            dossier, roster, tariffs, month, today=today(), ledger=read_folder(tmp_path, "test")
        )  # fmt: skip
        expected = close(prepared, debtor=HDS_ACCOUNT, pay_on=date(2027, 2, 4), with_pdf=False).run
        require_own_rows_in_any_order(finance, expected.record)
        for name in ("payout.csv", "lines.csv", "payments.csv", "totals.csv", "payment.xml"):
            assert finance.get(f"{PAY}/runs/1/files/{name}").content == expected.files[name], name
        assert run["paid_cents"] == paid_in(expected.files["payment.xml"])
        assert (run["statements"], run["lines"]) == (len(expected.payments), len(expected.lines))


def require_own_rows_in_any_order(finance: TestClient, record: Any) -> None:
    """The record tells the same rates, whatever order they were entered in."""
    found = finance.get(f"{PAY}/runs/1/files/run.json").json()
    assert sorted(map(str, found["tariffs"])) == sorted(map(str, record["tariffs"]))


def _tariff(row: dict[str, Any]) -> Tariff:
    return Tariff(**(row | {"valid_until": row["valid_until"] or date.max}))
