"""The whole door: a dossier read, its locks and agreed rates judged, with every mistake told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.anw_hours import Gap, describe_gaps, find_gaps
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import DossierReading, Source, folder_source, sort_out
from scheduler.dossier.schema import SETTINGS
from scheduler.dossier.workbook_in import as_sheets, workbook_source
from scheduler.errors import DossierError, Mistake
from scheduler.rules import RULES, Violation, coverage

LOCKS, SHIFT_TYPES = "locks.csv", "shift_types.csv"
_NEEDED_TO_JUDGE = (SETTINGS, "posts.csv", "shift_types.csv")
_NEEDED_WHOLE = ("gps.csv", "agreements.csv")
"""Of these a wrong row keeps its GP out of the judgement; without the file every lock would seem wrong."""


def take_in(folder: Path) -> DossierReading:
    """Read the dossier in `folder` and judge its locks; raises DossierError with every mistake of both.

    A roster of the locks alone must keep every hard rule, or no roster can.
    """
    findings = Findings()
    return judged(folder_source(folder, findings), findings)


def judged(source: Source, findings: Findings) -> DossierReading:
    """The reading of a source, folder or workbook, with its locks judged; raises DossierError."""
    outcome = sort_out(source, findings)
    if outcome.reading and not any(map(_hides_locks, outcome.mistakes)):
        findings.mistakes += lock_mistakes(outcome.reading, outcome.suspects)
    if outcome.reading and outcome.reading.dossier.payout.agreed_rates:
        findings.mistakes += _rate_mistakes(outcome.reading.dossier)
    findings.refuse_if_wrong()
    assert outcome.reading is not None
    tell_hours_without_anybody(outcome.reading.dossier, outcome.reading.shifts, findings)
    return replace(outcome.reading, notices=findings.notices)


def tell_hours_without_anybody(dossier: Dossier, shifts: Sequence[Shift], findings: Findings) -> None:
    """Tell of hours of evening, night and weekend for which no shift asks anybody: at no post, then post by post.

    What is so at every post is told once, and a standby is told apart.
    """
    gaps = find_gaps([post.id for post in dossier.posts], shifts, dossier.period, dossier.calendar)
    anywhere = {(gap.start, gap.end) for gap in gaps if gap.post_id is None}
    told: defaultdict[tuple[str | None, bool], list[Gap]] = defaultdict(list)
    for gap in gaps:
        if gap.post_id is None or (gap.start, gap.end) not in anywhere:
            told[gap.post_id, gap.has_standby].append(gap)
    for (post_id, has_standby), found in told.items():
        place = "anywhere" if post_id is None else "at_post"
        code = f"standby_alone_{place}" if has_standby else f"nobody_{place}"
        words = describe_gaps(found, dossier.period, dossier.calendar)
        findings.notice(code, SHIFT_TYPES, gaps=words, **({} if post_id is None else {"post": post_id}))


def _hides_locks(mistake: Mistake) -> bool:
    return mistake.file in _NEEDED_TO_JUDGE or (mistake.file in _NEEDED_WHOLE and mistake.line is None)


def lock_mistakes(reading: DossierReading, suspects: frozenset[str] = frozenset()) -> list[Mistake]:
    """A mistake for each rule that the locks break together; locks of `suspects` (GPs with a wrong row) wait.

    The mistake stands on the line of the last lock that takes part: without that one the others would do.
    """
    locks = tuple(lock for lock in reading.dossier.locks if lock.gp_id not in suspects)
    dossier = reading.dossier.replace(locks=locks)
    roster = _locked(dossier, reading.shifts)
    findings = Findings()
    for rule in RULES:
        if rule.name != coverage.NAME:
            for violation in rule.check(dossier, roster):
                _note(violation, roster, reading.lock_lines, findings)
    return findings.mistakes


def _rate_mistakes(dossier: Dossier) -> list[Mistake]:
    """Agreed rates above the national maximum: refused when they are entered, not only when they are paid."""
    # pandas comes with the payout, and most dossiers agree no rates
    from scheduler.payout.rates import rate_mistakes  # noqa: PLC0415
    from scheduler.payout.tariffs import national_tariffs  # noqa: PLC0415

    return list(rate_mistakes(dossier.payout, national_tariffs(), dossier.period))


def _locked(dossier: Dossier, shifts: Sequence[Shift]) -> Roster:
    gp_of = {lock.shift_id: lock.gp_id for lock in dossier.locks}
    return Roster(shifts=tuple(shift for shift in shifts if shift.id in gp_of), gp_of=gp_of)


def _note(violation: Violation, roster: Roster, lines: Mapping[str, int], findings: Findings) -> None:
    own = [shift.id for shift in roster.by_gp.get(violation.gp_id or "", ())]
    last = max(violation.shift_ids or own, key=lambda shift_id: lines.get(shift_id, 0))
    findings.wrong(LOCKS, lines.get(last), "shift_id", last, "lock", why=violation.text)


def take_in_workbook(path: Path) -> DossierReading:
    """Like `take_in` for a workbook with one sheet a file; the places of mistakes are sheets and rows."""
    findings = Findings()
    try:
        return judged(workbook_source(path, findings), findings)
    except DossierError as error:
        raise DossierError(as_sheets(error.mistakes, path)) from None
