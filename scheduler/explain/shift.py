"""Why a shift has this GP, or none: who else could take it, at what cost, and who could not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydantic import Field

from scheduler.domain.colleagues import as_known_to
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value
from scheduler.errors import UnknownSubject
from scheduler.explain.candidates import Candidates, Ledger, Obstacle, Taker
from scheduler.explain.one_right import one_right_lines, one_right_short
from scheduler.explain.words import counted, listed, shift_name
from scheduler.messages import text
from scheduler.messages.dutch import figure, signed_figure
from scheduler.rules import Violation, may_work
from scheduler.rules.verdict import broken_by

MOST_TOLD = 10


class ShiftExplanation(Value):
    """A shift, who does it, and everyone else: takers, cheapest first, and obstacles.

    `deviation` is that of the present GP in the burden of the shift, in shifts; `violations` are rules that the GP
    breaks by it (a roster made by hand). Without them the text says nothing of either: they are the GP's own. To a
    `reader` who is no planner the other GPs stay unnamed: `takers` and `obstacles` are empty, and the numbers are of
    those whom the roster keeps from it, or does not.
    """

    shift: Shift
    gp_id: str | None
    trainee_gp_id: str | None
    is_locked: bool
    deviation: float | None
    violations: tuple[Violation, ...]
    taker_count: int
    dropped: Mapping[str, int]
    dropped_by_reason: Mapping[str, int]
    takers: tuple[Taker, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    one_right: Mapping[str, int] = Field(default_factory=dict)
    reader: str | None = None

    @property
    def text(self) -> str:
        """The explanation in Dutch, a line a sentence."""
        return "\n".join([*self._state(), *self._others(), *self._named()])

    def _state(self) -> Iterator[str]:
        yield text(
            "explain.shift.title",
            shift=self.shift.id,
            name=shift_name(self.shift),
            hours=figure(self.shift.hours),
            burden=text(f"terms.burden.{self.shift.burden.value}"),
        )
        if self.gp_id is None:
            yield text("explain.shift.open")
        else:
            yield text("explain.shift.locked" if self.is_locked else "explain.shift.given", gp=self.gp_id)
        if self.gp_id is not None and self.deviation is not None:
            burden = text(f"terms.burden.{self.shift.burden.value}")
            deviation = signed_figure(self.deviation)
            yield text("explain.shift.deviation", gp=self.gp_id, burden=burden, deviation=deviation)
        if self.trainee_gp_id is not None:
            yield text("explain.shift.trainee", trainee=self.trainee_gp_id)
        for violation in self.violations:
            yield text("explain.shift.violation", violation=violation.text)

    def _others(self) -> Iterator[str]:
        whole = self.taker_count + sum(self.dropped.values())
        state = "filled" if self.gp_id else "open"
        if self.taker_count and self.reader is not None:
            yield counted("explain.shift.takers.known", self.taker_count, whole=figure(whole, 0))
        elif self.taker_count:
            yield counted(f"explain.shift.takers.{state}", self.taker_count, whole=figure(whole, 0))
        else:
            yield counted(f"explain.shift.no_takers.{state}", whole)
        if self.dropped:
            yield text("explain.shift.dropped", reasons=dropped_text(self.dropped, self.dropped_by_reason))

        yield from one_right_lines(self.one_right)

    def _named(self) -> Iterator[str]:
        if self.takers:
            yield text("explain.shift.takers_title")
            for taker in self.takers[:MOST_TOLD]:
                yield f"- {taker_text(taker, self.shift.burden)}"
            if len(self.takers) > MOST_TOLD:
                yield counted("explain.shift.more", len(self.takers) - MOST_TOLD)
        close = [obstacle for obstacle in self.obstacles if obstacle.rule != may_work.NAME]
        if close:
            yield text("explain.shift.obstacles_title")
            for obstacle in close[:MOST_TOLD]:
                yield f"- {obstacle.violation.text}"
            if len(close) > MOST_TOLD:
                yield counted("explain.shift.more", len(close) - MOST_TOLD)


def explain_shift(
    dossier: Dossier,
    roster: Roster,
    shift_id: str,
    targets: Mapping[tuple[str, Burden], float] | None = None,
    *,
    reader: str | None = None,
) -> ShiftExplanation:
    """Explain one shift of the roster, filled or open.

    `targets` (hours per GP and burden) are computed where they are not given. To a GP (`reader`) it is explained by
    what colleagues know of each other, so that nothing in it, counts included, depends on another's absences, limits
    or wishes; deviation and broken rules are those of the reader alone. Raises UnknownSubject where there is no such
    shift.
    """
    shift = roster.shift_by_id.get(shift_id)
    if shift is None:
        raise UnknownSubject(text("explain.unknown_shift", shift=shift_id))
    ledger = Ledger(dossier, roster, targets)
    seen = ledger if reader is None else Ledger(as_known_to(dossier, reader), roster, ledger.targets)
    candidates = seen.candidates(shift)
    gp_id = candidates.gp_id
    own = gp_id if reader in (None, gp_id) else None
    return ShiftExplanation(
        shift=shift,
        gp_id=gp_id,
        trainee_gp_id=roster.trainee_of.get(shift_id),
        is_locked=any(lock.shift_id == shift_id and lock.gp_id == gp_id for lock in dossier.locks),
        deviation=None if own is None else ledger.deviation(own, shift.burden),
        violations=() if own is None else broken_by(dossier, roster, own, shift),
        taker_count=len(candidates.takers),
        dropped=candidates.dropped_by_rule,
        dropped_by_reason=reasons_of(candidates),
        takers=candidates.takers if reader is None else (),
        obstacles=candidates.obstacles if reader is None else (),
        one_right={} if gp_id or reader is not None else one_right_short(dossier, roster, shift),
        reader=reader,
    )


def reasons_of(candidates: Candidates) -> dict[str, int]:
    """Number of GPs per objection of the rule on who may work, most first."""
    return {reason: n for (rule, reason), n in candidates.dropped_by_reason.items() if rule == may_work.NAME}


def dropped_text(dropped: Mapping[str, int], reasons: Mapping[str, int] = MappingProxyType({})) -> str:
    """Counts per rule in words, most first: `40 door overeenkomst (30 andere post, 10 nachtvrij) en 3 door rust`."""
    parts = []
    for rule, count in dropped.items():
        told = text("explain.dropped.one", count=figure(count, 0), rule=text(f"explain.rule.{rule}"))
        if rule == may_work.NAME and reasons:
            split = ", ".join(f"{figure(n, 0)} {text(f'explain.reason.{reason}')}" for reason, n in reasons.items())
            told += f" ({split})"
        parts.append(told)
    return listed(parts)


def taker_text(taker: Taker, burden: Burden) -> str:
    """What it would cost to give the shift to this GP."""
    before, after = taker.deviation
    told = text(
        "explain.taker",
        gp=taker.gp_id,
        burden=text(f"terms.burden.{burden.value}"),
        before=signed_figure(before),
        after=signed_figure(after),
        largest=signed_figure(taker.largest),
        squares=signed_figure(taker.squares),
    )
    return f"{told}; {soft_text(taker.soft)}"


def soft_text(soft: Mapping[str, float]) -> str:
    """What a change would do to the wishes: the sum, and each part that changes."""
    if not soft:
        return text("explain.soft_same")
    parts = ", ".join(f"{text(f'terms.wish.{part}')} {signed_figure(cost, 1)}" for part, cost in soft.items())
    return text("explain.soft", total=signed_figure(sum(soft.values()), 1), parts=parts)
