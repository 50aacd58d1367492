"""Everything that a payout reads, with every mistake in all of its files at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier import read_dossier, read_roster
from scheduler.dossier.findings import Findings, Notice
from scheduler.errors import DossierError, Mistake
from scheduler.payout.mistaken import actual_mistakes
from scheduler.payout.payees import payee_mistakes
from scheduler.payout.rates import rate_mistakes
from scheduler.payout.tariffs import TariffTable, tariffs_with
from scheduler.payout.worked import Actuals, read_actuals


@dataclass(frozen=True)
class PayoutInput:
    """A dossier with its roster, the table of maxima and what was really worked."""

    dossier: Dossier
    roster: Roster
    tariffs: TariffTable
    actuals: Actuals
    notices: tuple[Notice, ...]


def read_input(dossier_folder: Path, roster_folder: Path, own_tariffs: Path | None = None) -> PayoutInput:
    """Read dossier, roster, hours really worked and tariffs.

    Raises DossierError with every mistake found: those in the dossier alone when it can't be used, else those of all
    other files together with what is wrong about payees and rates. Raises RosterUnreadable without a roster.
    """
    reading = read_dossier(dossier_folder)
    findings = Findings()
    roster = tariffs = None
    try:
        roster = read_roster(reading.dossier, reading.shifts, roster_folder)
    except DossierError as error:
        findings.mistakes += error.mistakes
    try:
        tariffs = tariffs_with(own_tariffs)
    except DossierError as error:
        findings.mistakes += error.mistakes
    actuals = read_actuals(roster_folder, findings)
    if findings.mistakes:
        findings.mistakes += _besides(reading.dossier, roster, tariffs, actuals)
    findings.refuse_if_wrong()
    assert roster is not None and tariffs is not None
    return PayoutInput(reading.dossier, roster, tariffs, actuals, (*reading.notices, *findings.notices))


def _besides(
    dossier: Dossier, roster: Roster | None, tariffs: TariffTable | None, actuals: Actuals
) -> Iterator[Mistake]:
    """What would be refused later on, told together with the mistakes in the files."""
    yield from payee_mistakes(dossier)
    if tariffs:
        yield from rate_mistakes(dossier.payout, tariffs, dossier.period)
    if roster:
        yield from actual_mistakes(dossier, roster, actuals)
