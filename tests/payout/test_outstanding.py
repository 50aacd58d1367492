"""Hours whose maximum is not known wait in the run; the next one that knows it pays them, to the cent and once."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from scheduler.domain.calendar import HourKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.errors import DossierError
from scheduler.payout import TariffTable, close, corrections, forecast, read_ledger
from scheduler.payout.budget import budget_file
from scheduler.payout.outstanding import OUTSTANDING, outstanding_file, read_outstanding
from scheduler.payout.printing import pdf_writer
from tests.payout.paying import (
    BY_NATIONAL,
    HDS_ACCOUNT,
    IBAN_PR,
    TODAY,
    closed,
    due,
    hds,
    own_table,
    payee,
    prepared,
    rostered,
    shift,
    stretch,
)

YEAR_2024 = Period(start=date(2024, 1, 1), end=date(2024, 12, 31))
YEAR_2025 = Period(start=date(2025, 1, 1), end=date(2025, 12, 31))
DECEMBER = Period(start=date(2024, 12, 1), end=date(2024, 12, 31))
JANUARY_2025 = Period(start=date(2025, 1, 1), end=date(2025, 1, 31))
FEBRUARY_2025 = Period(start=date(2025, 2, 1), end=date(2025, 2, 28))
SATURDAY = shift("2024-12-14T08:00", "2024-12-14T16:00")
LAST_NIGHT = shift("2024-12-31T23:00", "2025-01-01T08:00")
ROSTER = rostered([SATURDAY, LAST_NIGHT])
NEXT = shift("2025-01-11T08:00", "2025-01-11T16:00")
CENTS = {HourKind.EVENING: 11_000, HourKind.NIGHT: 14_600, HourKind.WEEKEND: 13_000, HourKind.HOLIDAY: 14_700}
OF_2025 = own_table(CENTS, "2025-01-01", "2025-12-31")
OLD, NEW = hds(period=YEAR_2024), hds(period=YEAR_2025)


def outstanding_in(folder: Path) -> list[tuple[str, str, int]]:
    """GP, shift and minutes of what waits after the last run."""
    rows = read_ledger(folder, "test").outstanding
    return [tuple(row) for row in rows[["gp_id", "shift_id", "minutes"]].values.tolist()]


def lines_in(folder: Path, number: int) -> list[tuple[str, str, int, str]]:
    """GP, kind, cents and reason of the lines of a run."""
    lines = read_ledger(folder, "test").runs[number - 1].lines
    return [tuple(row) for row in lines[["gp_id", "kind", "amount", "reason"]].values.tolist()]


def test_december_is_paid_and_eight_hours_of_the_next_year_wait(tmp_path: Path) -> None:
    """Everything else is paid; the run keeps what waits, says so, and running again closes nothing."""
    run = prepared(tmp_path, ROSTER, DECEMBER, OLD)
    assert [notice.code for notice in run.notices] == ["payout_outstanding"]
    assert "geen tarief voor 2025" in run.notices[0].text
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD, debtor=HDS_ACCOUNT)
    assert lines_in(tmp_path, 1) == [("A", "weekend", 99_200, ""), ("A", "evening", 10_746, "")]
    assert outstanding_in(tmp_path) == [("A", LAST_NIGHT.id, 480)]
    assert read_ledger(tmp_path, "test").runs[0].record["outstanding_minutes"] == 480
    assert prepared(tmp_path, ROSTER, DECEMBER, OLD).is_empty


def test_the_next_run_of_the_same_dossier_pays_what_waited(tmp_path: Path) -> None:
    """To the cent, with that reason; then nothing waits and nothing more is paid."""
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD)
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD, tariffs=OF_2025)
    assert lines_in(tmp_path, 2) == [("A", "holiday", 8 * 14_700, "tariff_known")]
    assert outstanding_in(tmp_path) == []
    assert prepared(tmp_path, ROSTER, DECEMBER, OLD, tariffs=OF_2025).is_empty


def test_the_next_run_of_another_dossier_pays_what_waited_too(tmp_path: Path) -> None:
    """January is paid from next year's dossier, which knows the tariff but not the duty; the old dossier agrees."""
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD)
    run = prepared(tmp_path, rostered([NEXT]), JANUARY_2025, NEW, tariffs=OF_2025)
    assert run.notices == ()
    closed(tmp_path, rostered([NEXT]), JANUARY_2025, dossier=NEW, tariffs=OF_2025)
    assert lines_in(tmp_path, 2) == [("A", "holiday", 8 * 14_700, "tariff_known"), ("A", "weekend", 8 * 13_000, "")]
    assert outstanding_in(tmp_path) == []
    assert prepared(tmp_path, ROSTER, DECEMBER, OLD, tariffs=OF_2025).is_empty


def test_what_waits_goes_on_waiting_while_nobody_knows(tmp_path: Path) -> None:
    """A run of another month and dossier carries it along; a month of which nothing can be paid is refused."""
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD)
    with pytest.raises(DossierError, match="2025"):
        prepared(tmp_path, rostered([NEXT]), JANUARY_2025, NEW)
    later = shift("2025-01-11T17:00", "2025-01-11T18:00")
    local_only = shift("2025-01-13T17:00", "2025-01-13T18:00", number=2)
    closed(tmp_path, rostered([later, local_only]), JANUARY_2025, dossier=NEW)
    assert sorted(outstanding_in(tmp_path)) == [("A", LAST_NIGHT.id, 480), ("A", later.id, 60)]
    assert lines_in(tmp_path, 2) == [("A", "early_evening", 8_000, "")]


def test_hours_are_paid_at_the_rate_agreed_when_they_were_worked(tmp_path: Path) -> None:
    """Next year's dossier agreed less; the maximum still caps."""
    agreed = {HourKind.HOLIDAY: "140.00"}
    cheap = NEW.replace(payout=NEW.payout.replace(agreed_rates={HourKind.HOLIDAY: "100.00"}))
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD.replace(payout=OLD.payout.replace(agreed_rates=agreed)))
    closed(tmp_path, rostered([NEXT]), JANUARY_2025, dossier=cheap, tariffs=OF_2025)
    assert lines_in(tmp_path, 2)[0] == ("A", "holiday", 8 * 14_000, "tariff_known")
    low = own_table({**CENTS, HourKind.HOLIDAY: 13_000}, "2025-01-01", "2025-12-31")
    with TemporaryDirectory() as other:
        closed(Path(other), ROSTER, DECEMBER, dossier=OLD.replace(payout=OLD.payout.replace(agreed_rates=agreed)))
        closed(Path(other), rostered([NEXT]), JANUARY_2025, dossier=cheap, tariffs=low)
        assert lines_in(Path(other), 2)[0] == ("A", "holiday", 8 * 13_000, "tariff_known")


def test_a_tariff_that_begins_within_the_hours_pays_from_there_on(tmp_path: Path) -> None:
    """A night over midnight in an unknown year: its second day becomes known first."""
    two = rostered([shift("2024-12-31T23:00", "2025-01-01T08:00"), shift("2025-01-04T20:00", "2025-01-05T04:00")])
    closed(tmp_path, two, Period(start=DECEMBER.start, end=JANUARY_2025.end), dossier=hds(period=_BOTH))
    second_day = own_table(CENTS, "2025-01-05", "2025-12-31")
    closed(tmp_path, rostered([]), FEBRUARY_2025, dossier=NEW, tariffs=second_day)
    assert [(kind, amount) for _, kind, amount, _ in lines_in(tmp_path, 2)] == [("night", 4 * 14_600)]
    assert sorted(minutes for *_, minutes in outstanding_in(tmp_path)) == [240, 480]


_BOTH = Period(start=YEAR_2024.start, end=YEAR_2025.end)


def test_a_tariff_that_is_withdrawn_takes_nothing_back(tmp_path: Path) -> None:
    """What was paid by it stands, also to another payee; another GP's hours wait."""
    all_there_is = OF_2025.replace(own_is_all=True)
    closed(tmp_path, ROSTER, DECEMBER, dossier=OLD, tariffs=all_there_is)
    nothing_own = BY_NATIONAL.replace(own_is_all=True)
    assert prepared(tmp_path, ROSTER, DECEMBER, OLD, tariffs=nothing_own).is_empty
    elsewhere = OLD.replace(payees=[payee("A", "Praktijk PR", IBAN_PR, via_practice=True)])
    run = prepared(tmp_path, ROSTER, DECEMBER, elsewhere, tariffs=nothing_own)
    assert int(run.lines["amount"].sum()) == 0
    assert {one.account.name: one.lines for one in run.payments}["Praktijk PR"] == 99_200 + 10_746 + 8 * 14_700
    other = prepared(tmp_path, ROSTER.with_gp(LAST_NIGHT.id, "C"), DECEMBER, OLD, tariffs=nothing_own)
    assert other.outstanding[["gp_id", "minutes"]].values.tolist() == [["C", 480]]
    shorter = stretch(LAST_NIGHT, "A", "2024-12-31T23:00", "2025-01-01T06:00")
    cut = prepared(tmp_path, ROSTER, DECEMBER, OLD, tariffs=nothing_own, worked=[shorter])
    assert int(cut.lines["amount"].sum()) == -2 * 14_700
    assert cut.outstanding.empty


def test_hours_that_wait_for_another_gp_are_put_on_record(tmp_path: Path) -> None:
    """A swap entered late changes who is to be paid though no line changes: the run is closed all the same."""
    closed(tmp_path, rostered([SATURDAY, _FROM_MIDNIGHT]), DECEMBER_ON, dossier=BOTH)
    swapped = rostered([SATURDAY, _FROM_MIDNIGHT]).with_gp(_FROM_MIDNIGHT.id, "C")
    run = closed(tmp_path, swapped, DECEMBER_ON, dossier=BOTH)
    assert run.lines.empty
    assert outstanding_in(tmp_path) == [("C", _FROM_MIDNIGHT.id, 480)]
    assert [one.account.name for one in run.payments] == ["Waarneming C"]


_FROM_MIDNIGHT = shift("2025-01-01T00:00", "2025-01-01T08:00")
DECEMBER_ON = Period(start=DECEMBER.start, end=JANUARY_2025.end)
BOTH = hds(period=_BOTH)


def test_statement_totals_and_corrections_tell_of_it(tmp_path: Path) -> None:
    """Hours and year beside what is paid, without an amount; what the next run will pay, and why."""
    run = closed(tmp_path, ROSTER, DECEMBER, dossier=OLD)
    (page,) = [content.decode() for name, content in run.files.items() if name.endswith(".html")]
    assert "nog te betalen: geen tarief voor 2025" in page
    assert len(pdf_writer()(page)) > 1000
    rows = list(csv.DictReader(io.StringIO(run.files["totals.csv"].decode())))
    (waiting,) = [row for row in rows if row["section"] == "outstanding"]
    assert (waiting["id"], waiting["hours"], waiting["amount"]) == ("holiday", "8", "")
    ledger = read_ledger(tmp_path, "test")
    assert corrections(OLD, ROSTER, BY_NATIONAL, ledger) == ()
    for dossier, roster in ((OLD, ROSTER), (NEW, rostered([NEXT]))):
        (found,) = corrections(dossier, roster, OF_2025, ledger)
        assert (found.difference, found.shifts[0].reason) == (8 * 14_700, "tariff_known")


def test_what_waits_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """To the minute and the type of each column."""
    waiting = prepared(tmp_path, ROSTER, DECEMBER, OLD).outstanding
    back = read_outstanding(outstanding_file(waiting))
    assert back.to_dict("records") == waiting[list(back.columns)].to_dict("records")
    assert back.dtypes.equals(waiting[list(back.columns)].dtypes)


def test_a_run_without_such_hours_has_no_file_of_them(tmp_path: Path) -> None:
    """As runs closed before there were such hours."""
    run = closed(tmp_path, rostered([SATURDAY]), DECEMBER, dossier=OLD)
    assert OUTSTANDING not in run.files
    assert read_ledger(tmp_path, "test").outstanding.empty


def test_a_forecast_is_not_held_up_by_next_years_tariff() -> None:
    """The hours count, without an amount; where nothing at all is known it is refused."""
    lines = {(one.month, one.kind): one for one in forecast(OLD, ROSTER, BY_NATIONAL)}
    night = lines["2024-12", "holiday"]
    assert (night.forecast_minutes, night.forecast, night.unrated_minutes) == (480, 0, 480)
    assert lines["2024-12", "weekend"].unrated_minutes == 0
    assert b"hours_without_tariff" in budget_file(lines.values())
    with pytest.raises(DossierError, match="2025"):
        forecast(NEW, rostered([NEXT]), BY_NATIONAL)


TABLES = {
    "national": BY_NATIONAL.replace(own_is_all=True),
    "low": own_table({kind: cents - 501 for kind, cents in CENTS.items()}, "2025-01-01", "2025-12-31"),
    "high": OF_2025,
    "from the second": own_table(CENTS, "2025-01-02", "2025-12-31"),
    "holidays only": own_table({HourKind.HOLIDAY: 14_701}, "2025-01-01", "2025-12-31"),
}
SHIFTS = (
    SATURDAY,
    shift("2024-12-30T17:30", "2024-12-30T23:00", number=2),
    LAST_NIGHT,
    shift("2024-12-31T20:00", "2025-01-01T05:20", number=2),
)
SHIFTS_OF_2025 = (NEXT, shift("2025-01-01T23:00", "2025-01-02T08:10", number=2))


@settings(max_examples=8, stateful_step_count=7, deadline=None)
class Years(RuleBasedStateMachine):
    """Two years of dossiers on one ledger, with swaps entered late and tariffs that come, change and go."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.rosters: dict[str, Roster] = {"old": rostered(SHIFTS), "new": rostered(SHIFTS_OF_2025)}
        self.table: TariffTable = TABLES["national"]
        self.ledger = read_ledger(self.folder, "test")

    def teardown(self) -> None:
        """Once every tariff is known two runs pay exactly what is due, and nothing waits."""
        self.table = TABLES["high"].replace(own_is_all=True)
        self.pay_january()
        self.pay_december()
        due_now = ((self.rosters["old"], OLD), (self.rosters["new"], NEW))
        whole = sum(int(due(roster, dossier, TABLES["high"])["amount"].sum()) for roster, dossier in due_now)
        assert int(self.ledger.lines["amount"].sum()) == whole
        assert self.ledger.outstanding.empty
        self.scratch.cleanup()

    @rule(name=st.sampled_from(sorted(TABLES)))
    def another_table(self, name: str) -> None:
        """What is known of the tariffs changes."""
        self.table = TABLES[name].replace(own_is_all=True)

    @rule(place=st.integers(0, 3), gp_id=st.sampled_from(["A", "B", "C"]))
    def another_gp(self, place: int, gp_id: str) -> None:
        """A swap is entered late."""
        self.rosters["old"] = self.rosters["old"].with_gp(SHIFTS[place].id, gp_id)

    @rule()
    def pay_december(self) -> None:
        """Close a run from the old dossier."""
        self._close(OLD, "old", DECEMBER)

    @rule()
    def pay_january(self) -> None:
        """Close a run from the new dossier."""
        self._close(NEW, "new", JANUARY_2025)

    def _close(self, dossier: Dossier, roster: str, period: Period) -> None:
        try:
            run = prepared(self.folder, self.rosters[roster], period, dossier, tariffs=self.table)
        except DossierError:
            return
        if not run.is_empty:
            close(run, debtor=None, pay_on=TODAY, with_pdf=False)
            self.ledger = read_ledger(self.folder, "test")
            self._require_once()

    def _require_once(self) -> None:
        """Each minute of a shift stands at most once over all lines, and waits only when it stands nowhere."""
        minutes: Counter[tuple[str, int]] = Counter()
        for line in self.ledger.lines.to_dict("records"):
            minutes.update({key: line["sign"] for key in _minutes_of(line)})
        assert set(minutes.values()) <= {0, 1}
        for row in self.ledger.outstanding.to_dict("records"):
            assert not any(minutes[key] for key in _minutes_of(row))


def _minutes_of(row: dict[str, object]) -> list[tuple[str, int]]:
    first, last = (int(row[name].timestamp()) // 60 for name in ("start", "end"))  # type: ignore[attr-defined]
    return [(str(row["shift_id"]), minute) for minute in range(first, last, 10)]


TestYears = Years.TestCase
