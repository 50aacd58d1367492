"""What a correction would do, per payee and shift, before anything is written."""

from pathlib import Path

import pytest

from scheduler.domain.calendar import HourKind
from scheduler.domain.roster import Roster
from scheduler.errors import UnknownSubject
from scheduler.payout import Actuals, Correction, TariffTable, corrections, read_ledger
from tests.payout.paying import BY_NATIONAL, FEBRUARY, JANUARY, closed, hds, own_table, rostered, shift

SATURDAY = shift("2024-01-13T08:00", "2024-01-13T16:00")
NIGHT = shift("2024-01-14T23:00", "2024-01-15T08:00")
LATER = shift("2024-02-10T08:00", "2024-02-10T16:00")
ROSTER = rostered([SATURDAY, NIGHT, LATER])


def found(folder: Path, roster: Roster, tariffs: TariffTable = BY_NATIONAL) -> tuple[Correction, ...]:
    """The corrections against the ledger in `folder`."""
    return corrections(hds(), roster, tariffs, read_ledger(folder, "test"), Actuals())


def test_nothing_changed_gives_no_correction(tmp_path: Path) -> None:
    """Also when a later month is still to be paid."""
    closed(tmp_path, ROSTER)
    assert found(tmp_path, ROSTER) == ()


def test_a_swap_shows_old_new_difference_and_why_for_both(tmp_path: Path) -> None:
    """Old and new are over all closed days."""
    closed(tmp_path, ROSTER)
    one, other = found(tmp_path, ROSTER.with_gp(SATURDAY.id, "C"))
    assert (one.account.name, one.old, one.new, one.difference) == ("Dokter A", 224024, 124824, -99200)
    assert (other.account.name, other.old, other.new, other.difference) == ("Waarneming C", 0, 99200, 99200)
    assert [(part.shift_id, part.old, part.new, part.reason) for part in one.shifts] == [
        (SATURDAY.id, 99200, 0, "other_gp"),
    ]  # fmt: skip


def test_a_retroactive_tariff_shows_every_shift_that_it_touches(tmp_path: Path) -> None:
    """The night, not the Saturday."""
    closed(tmp_path, ROSTER)
    (only,) = found(tmp_path, ROSTER, own_table({HourKind.NIGHT: 14153}))
    assert [(part.shift_id, part.new - part.old, part.reason) for part in only.shifts] == [(NIGHT.id, 800, "tariff")]


def test_what_is_shown_is_what_the_next_run_pays(tmp_path: Path) -> None:
    """And after that nothing is left to correct."""
    closed(tmp_path, ROSTER)
    changed = ROSTER.with_gp(SATURDAY.id, "C").with_gp(NIGHT.id, None)
    shown = {one.account: one.difference for one in found(tmp_path, changed)}
    run = closed(tmp_path, changed)
    assert shown == {one.account: one.lines for one in run.payments}
    assert found(tmp_path, changed) == ()
    closed(tmp_path, changed, FEBRUARY)
    assert found(tmp_path, changed) == ()


def test_corrections_can_be_asked_for_one_month(tmp_path: Path) -> None:
    """The swap of January is no correction of February."""
    closed(tmp_path, ROSTER)
    swapped, ledger = ROSTER.with_gp(SATURDAY.id, "C"), read_ledger(tmp_path, "test")
    assert len(corrections(hds(), swapped, BY_NATIONAL, ledger, period=JANUARY)) == 2
    assert corrections(hds(), swapped, BY_NATIONAL, ledger, period=FEBRUARY) == ()


def test_without_closed_runs_there_is_nothing_to_correct(tmp_path: Path) -> None:
    """Most likely another folder was meant."""
    with pytest.raises(UnknownSubject):
        found(tmp_path, ROSTER)
