"""The phases of a round in their order, as plain values: which dates fit, and which phase it is at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from api.clock import local
from scheduler.messages import text


class Phase(StrEnum):
    """The phases of a round, in order."""

    REGISTRATION = "registration"
    MAKING = "making"
    DRAFT_PUBLISHED = "draft_published"
    FREE_LOCUMS = "free_locums"
    CLOSING = "closing"
    PUBLISHED = "published"

    @property
    def dutch(self) -> str:
        """Its name for a reader."""
        return text(f"planning.phase.{self.value}")


SKIPPABLE = frozenset({Phase.REGISTRATION, Phase.DRAFT_PUBLISHED, Phase.FREE_LOCUMS, Phase.CLOSING})
"""Without a draft there is no roster, and without a publication no round."""
OF_DRAFT = frozenset({Phase.DRAFT_PUBLISHED, Phase.FREE_LOCUMS, Phase.CLOSING, Phase.PUBLISHED})
"""What cannot begin before a draft was picked."""


@dataclass(frozen=True)
class Dates:
    """When one phase is to open and close (aware); `published` has no close."""

    opens_at: datetime
    closes_at: datetime | None
    skipped: bool = False

    def holds(self, moment: datetime) -> bool:
        """Whether the phase is meant to be open at `moment`."""
        return not self.skipped and self.opens_at <= moment and (self.closes_at is None or moment < self.closes_at)

    def is_ahead(self, moment: datetime) -> bool:
        """Whether the phase is meant to be open at some time from `moment` on."""
        return not self.skipped and (self.closes_at is None or moment < self.closes_at)


Plan = Mapping[Phase, Dates]


def objections(plan: Plan) -> Iterator[tuple[Phase, str]]:
    """Everything that is wrong with the dates, per phase."""
    for phase in Phase:
        if phase not in plan:
            yield phase, text("planning.dates.missing", phase=phase.dutch)
    kept = [(phase, plan[phase]) for phase in Phase if phase in plan]
    for phase, dates in kept:
        yield from ((phase, told) for told in _alone(phase, dates))
    standing = [(phase, dates) for phase, dates in kept if not dates.skipped]
    for (earlier, first), (later, second) in pairwise(standing):
        if first.closes_at is not None and second.opens_at < first.closes_at:
            yield later, text("planning.dates.overlap", phase=later.dutch, earlier=earlier.dutch)


def _alone(phase: Phase, dates: Dates) -> Iterator[str]:
    if dates.skipped and phase not in SKIPPABLE:
        yield text("planning.dates.not_skippable", phase=phase.dutch)
    if phase is Phase.PUBLISHED:
        if dates.closes_at is not None:
            yield text("planning.dates.open_ended", phase=phase.dutch)
    elif dates.closes_at is None:
        yield text("planning.dates.no_close", phase=phase.dutch)
    elif dates.closes_at <= dates.opens_at:
        yield text("planning.dates.backwards", phase=phase.dutch)


def phase_at(plan: Plan, moment: datetime, *, has_draft: bool, assigned: bool) -> Phase | None:
    """The phase at `moment`; None between two phases, and before the first.

    The making lasts until a draft was picked, and the closing until everything was `assigned` that can be, whatever
    the dates say.
    """
    begun = [phase for phase in Phase if not plan[phase].skipped and plan[phase].opens_at <= moment]
    if not begun:
        return None
    if begun[-1] in OF_DRAFT and not has_draft:
        return Phase.MAKING
    if begun[-1] is Phase.PUBLISHED and not plan[Phase.CLOSING].skipped and not assigned:
        return Phase.CLOSING
    return begun[-1] if plan[begun[-1]].holds(moment) else _held(begun[-1], has_draft=has_draft, assigned=assigned)


def _held(last: Phase, *, has_draft: bool, assigned: bool) -> Phase | None:
    """Between two phases: one that is not done with stays."""
    if (last is Phase.MAKING and not has_draft) or (last is Phase.CLOSING and not assigned):
        return last
    return None


def due_reminder(days: Sequence[int], dates: Dates, moment: datetime) -> int | None:
    """The reminder that is due: the fewest days before the deadline whose moment has come; None outside the phase.

    Days are of the local calendar: two days before Sunday 18:00 is Friday 18:00, also when the clock changes between.
    Moments before the phase opened, or at its opening, remind of nothing.
    """
    if dates.closes_at is None or not dates.holds(moment):
        return None
    deadline = local(dates.closes_at)
    # subtracting from a local moment keeps the clock on the wall
    at = {one: (deadline - timedelta(days=one)).astimezone(UTC) for one in days}
    return min((one for one, due in at.items() if dates.opens_at < due <= moment), default=None)
