"""The verdict on a set of moves before anyone agrees: legal or not and why, totals, deviation, wishes, pay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.explain.words import listed
from scheduler.fairness import Cell
from scheduler.messages import text
from scheduler.rules import Violation
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation, involved_gps

if TYPE_CHECKING:
    from scheduler.payout import TariffTable

_SAME = 1e-9
Change = tuple[float, float]
"""A figure before and after the swap."""


class Reason(Value):
    """One rule that the swap would break.

    `moved` are those of its shifts that the swap moves, `others` those that were there already. `text` is the Dutch
    sentence for whoever may see the duties of this doctor; `rule_name` tells others no more than which rule it is.
    """

    violation: Violation
    moved: tuple[str, ...]
    others: tuple[str, ...]
    text: str

    @property
    def rule(self) -> str:
        """Name of the rule."""
        return self.violation.rule

    @property
    def gp_id(self) -> str | None:
        """The GP or trainee whose duties break it; None where nobody does (a locked shift that would be open)."""
        return self.violation.gp_id

    @property
    def rule_name(self) -> str:
        """The rule in a few Dutch words."""
        return text(f"terms.rule.{self.rule}")


class Party(Value):
    """What the swap means for one GP: hours and deviation (in shifts) per burden, soft parts that change, pay.

    `soft` is what each soft part would gain (less is better). `pay_cents` is what the GP's pay for the period would
    gain; None where no tariffs were given or an hour has no rate.
    """

    gp_id: str
    hours: Mapping[Burden, Change]
    deviation: Mapping[Burden, Change]
    soft: Mapping[str, float]
    pay_cents: int | None = None

    @property
    def total_hours(self) -> Change:
        """Hours of all burdens but standby together."""
        active = [change for burden, change in self.hours.items() if burden is not Burden.STANDBY]
        return sum(before for before, _ in active), sum(after for _, after in active)

    @property
    def soft_total(self) -> float:
        """What the soft cost as a whole would gain."""
        return sum(self.soft.values())


class LeftBehind(Value):
    """A trainee who stood beside the GP that gives the shift away, and loses its hours."""

    trainee_id: str
    shift_id: str
    hours: float


class SwapVerdict(Value):
    """The judgement of a set of moves as a whole."""

    moves: tuple[Move, ...]
    reasons: tuple[Reason, ...]
    parties: tuple[Party, ...]
    left_behind: tuple[LeftBehind, ...] = ()

    @property
    def is_legal(self) -> bool:
        """Whether the roster after all the moves breaks no rule that it did not break before."""
        return not self.reasons

    @property
    def soft_total(self) -> float:
        """What the soft cost of the roster would gain (less is better)."""
        return sum(party.soft_total for party in self.parties)

    def reasons_of(self, doctor: str) -> tuple[Reason, ...]:
        """What is against it on the side of one GP or trainee."""
        return tuple(reason for reason in self.reasons if reason.gp_id == doctor)

    def party(self, gp_id: str) -> Party:
        """What it means for one GP; KeyError where that GP has no part in it."""
        return {party.gp_id: party for party in self.parties}[gp_id]

    @property
    def text(self) -> str:
        """In Dutch whether it may be done, with every reason why not."""
        if self.is_legal:
            return text("swaps.legal")
        return text("swaps.illegal", reasons=" ".join(reason.text for reason in self.reasons))

    def __str__(self) -> str:
        return self.text


def judge(
    dossier: Dossier,
    roster: Roster,
    targets: Mapping[Cell, float] | None,
    moves: Sequence[Move],
    tariffs: TariffTable | None = None,
) -> SwapVerdict:
    """Judge a set of moves on a roster that holds all shifts of the period; for many questions see `judge_in`.

    Raises UnsoundMoves or OutdatedMoves where there is nothing to judge.
    """
    return judge_in(Situation.of(dossier, roster, targets, tariffs), moves)


def judge_in(situation: Situation, moves: Sequence[Move]) -> SwapVerdict:
    """Judge a set of moves as a whole: what counts is the roster after all of them, by the rules of the roster.

    A breach counts when it is not there before, or not in that size: who gives one of five shifts away in a week of
    three causes nothing. Raises UnsoundMoves or OutdatedMoves where there is nothing to judge.
    """
    after = situation.after(moves)
    return SwapVerdict(
        moves=tuple(moves),
        reasons=tuple(_reasons(situation, after, moves)),
        parties=tuple(_party(situation, after, moves, gp_id) for gp_id in involved_gps(moves)),
        left_behind=tuple(_left_behind(situation, moves)),
    )


def is_legal(situation: Situation, moves: Sequence[Move]) -> bool:
    """The verdict without its figures, for searches that ask it often."""
    return next(caused(situation, situation.after(moves), moves), None) is None


def caused(before: Situation, after: Situation, moves: Sequence[Move]) -> Iterator[Violation]:
    """The violations that the moves cause, per doctor whom they touch, then those of shifts that would be open."""
    trainees = (before.trainee_of[move.shift_id] for move in moves if move.shift_id in before.trainee_of)
    for doctor in dict.fromkeys((*involved_gps(moves), *trainees)):
        if found := after.violations(doctor):
            yield from newly(found, before.violations(doctor))
    for move in moves:
        yield from newly(after.open_violations(move.shift_id), before.open_violations(move.shift_id))


def newly(found: Iterable[Violation], earlier: Sequence[Violation]) -> Iterator[Violation]:
    """Those of `found` that are neither among the earlier ones nor what is left of one of them."""
    for violation in found:
        if violation not in earlier and not any(_is_part(violation, one) for one in earlier):
            yield violation


def _is_part(violation: Violation, of: Violation) -> bool:
    same = violation.rule == of.rule and violation.gp_id == of.gp_id
    return same and set(violation.shift_ids) < set(of.shift_ids)


def reason(situation: Situation, violation: Violation, moved: Iterable[str]) -> Reason:
    """A violation told with the names of its shifts, those moved apart from those that were there already."""
    moving = set(moved)
    names = listed([situation.ground.name(shift_id) for shift_id in violation.shift_ids])
    return Reason(
        violation=violation,
        moved=tuple(shift_id for shift_id in violation.shift_ids if shift_id in moving),
        others=tuple(shift_id for shift_id in violation.shift_ids if shift_id not in moving),
        text=violation.model_copy(update={"shift_ids": (names,)}).text,
    )


def _reasons(before: Situation, after: Situation, moves: Sequence[Move]) -> Iterator[Reason]:
    moved = [move.shift_id for move in moves]
    for violation in caused(before, after, moves):
        yield reason(after, violation, moved)


def _party(before: Situation, after: Situation, moves: Sequence[Move], gp_id: str) -> Party:
    ground = before.ground
    had, gets = before.hours(gp_id), after.hours(gp_id)
    hours = {burden: (had[burden], gets[burden]) for burden in had}
    meant = {burden: ground.targets.get((gp_id, burden), 0.0) for burden in had}
    return Party(
        gp_id=gp_id,
        hours=hours,
        deviation={
            burden: tuple((figure - meant[burden]) / ground.mean_hours[burden] for figure in change)
            for burden, change in hours.items()
        },
        soft=difference(before.soft(gp_id), after.soft(gp_id)),
        pay_cents=_pay(before, moves, gp_id),
    )


def difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each soft part gained, parts without change left out."""
    return {part: after[part] - cost for part, cost in before.items() if abs(after[part] - cost) > _SAME}


def _pay(situation: Situation, moves: Iterable[Move], gp_id: str) -> int | None:
    pay, total = situation.ground.pay, 0
    if pay is None:
        return None
    for move in moves:
        shift = situation.shift(move.shift_id)
        sign = (move.to_gp == gp_id) - (move.from_gp == gp_id)
        if sign and pay.is_paid(gp_id, shift.day):
            if (cents := pay.cents(shift)) is None:
                return None
            total += sign * cents
    return total


def _left_behind(situation: Situation, moves: Iterable[Move]) -> Iterator[LeftBehind]:
    for move in moves:
        if (trainee := situation.trainee_of.get(move.shift_id)) is not None:
            hours = situation.shift(move.shift_id).hours
            yield LeftBehind(trainee_id=trainee, shift_id=move.shift_id, hours=hours)
