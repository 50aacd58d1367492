"""What would fill an open shift: one more right for a GP whom no other rule keeps from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Agreement
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain.candidates import qualified
from scheduler.explain.drop_outs import Account
from scheduler.explain.words import counted
from scheduler.messages import text
from scheduler.rules import absence
from scheduler.rules.agreements import fits
from scheduler.rules.lineup import Lineup


def one_right_short(dossier: Dossier, roster: Roster, shift: Shift) -> Mapping[str, int]:
    """For each right, in words, how many GPs could do the shift if their agreement had it too; most first.

    Counted are GPs whose agreement on the day lacks this right only, and whom no other rule keeps from the shift.
    """
    lineup = Lineup.of([shift])
    counts: Counter[str] = Counter()
    for gp_id in qualified(dossier):
        right = _lacking(dossier, gp_id, shift)
        if right is not None and absence.mask(dossier, gp_id, lineup)[0]:
            account = Account(dossier, gp_id, roster.by_gp.get(gp_id, ()))
            counts[right] += account.first_broken(shift) is None
    return {right: count for right, count in counts.most_common() if count}


def one_right_lines(counts: Mapping[str, int]) -> Iterator[str]:
    """The counts in Dutch, a sentence a right."""
    for right, count in counts.items():
        yield counted("explain.one_right", count, right=right)


def _lacking(dossier: Dossier, gp_id: str, shift: Shift) -> str | None:
    """The one right that the agreement of the day lacks; None where nothing is lacking or more than one right is."""
    gp = dossier.gp_by_id[gp_id]
    for row in dossier.agreements_by_gp.get(gp_id, ()):
        if row.contract in QUALIFIED and row.covers(shift.day) and not fits(row, gp, shift):
            return next((right for right, granted in _with_one(row, shift) if fits(granted, gp, shift)), None)
    return None


def _with_one(row: Agreement, shift: Shift) -> Iterator[tuple[str, Agreement]]:
    role = text("explain.remedy.role", role=text(f"terms.role.{shift.role.value}"))
    yield role, row.replace(roles=row.roles | {shift.role})
    yield text("explain.remedy.post", post=shift.post_id), row.replace(posts=row.posts | {shift.post_id})
    yield text("explain.remedy.nights"), row.replace(nights=True)
