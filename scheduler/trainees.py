"""Trainees beside their own trainers, after the GPs' roster is made; a trainee never counts as headcount.

Which shifts a trainee may join follows from the trainee's own agreement and from the hard rules that hold for every
doctor; how many from the agreed hours. Among choices that come equally near to those hours the one is taken that
meets the trainee's wishes best and, after that, is spread best over burdens and over the time of the agreement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from math import comb, gcd, prod
from typing import NamedTuple

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value
from scheduler.rules import RULES
from scheduler.rules.trainee import agreements, objection
from scheduler.wishes import avoid_wish

# A joint choice for several trainees of one trainer stays exact up to here; beyond, they choose one after another.
MOST_STATES = 10_000
# Two shifts are exchanged for two at a time where there are no more ways than this; else one for one.
MOST_PAIRS = 15_000
# Rules about the roster as a whole, and the trainee's own, of which each part is kept here by construction.
_KEPT_OTHERWISE = frozenset({"coverage", "locks", "trainee"})
NOWHERE = -1
_SAME = 1e-9

Choice = dict[str, int]
"""For each shift with a trainee (by id), the number of the place that was filled."""


class TraineeHours(Value):
    """What became of a trainee's agreed hours."""

    gp_id: str
    trainer_gp_id: str | None
    agreed_hours: float
    coupled_hours: float

    @property
    def lacking_hours(self) -> float:
        """Agreed hours for which the own trainer has no fitting shift."""
        return max(0.0, self.agreed_hours - self.coupled_hours)


def couple_trainees(dossier: Dossier, roster: Roster) -> Roster:
    """The same roster with every trainee beside the own trainer, up to the agreed hours and as near to them as can be.

    Earlier couplings are left out of account. The result depends on the dossier and the GPs' shifts alone.
    """
    by_trainer: defaultdict[str, list[GP]] = defaultdict(list)
    for gp in sorted(dossier.gps, key=lambda gp: gp.id):
        if gp.contract is Contract.TRAINEE and gp.trainer_gp_id is not None:
            by_trainer[gp.trainer_gp_id].append(gp)
    trainee_of: dict[str, str] = {}
    for trainer, trainees in by_trainer.items():
        trainee_of |= _coupled(dossier, roster, roster.by_gp.get(trainer, ()), trainees)
    return Roster(shifts=roster.shifts, gp_of=roster.gp_of, trainee_of=trainee_of)


def trainee_hours(dossier: Dossier, roster: Roster) -> tuple[TraineeHours, ...]:
    """For each trainee, in order of id, how many of the agreed hours the roster holds (hours of the whole period)."""
    return tuple(
        TraineeHours(
            gp_id=gp.id,
            trainer_gp_id=gp.trainer_gp_id,
            agreed_hours=sum(row.hours or 0.0 for row in agreements(dossier, gp.id)),
            coupled_hours=sum(shift.hours for shift in roster.by_trainee.get(gp.id, ())),
        )
        for gp in sorted(dossier.gps, key=lambda gp: gp.id)
        if gp.contract is Contract.TRAINEE
    )


@dataclass(frozen=True)
class _Place:
    """One agreement of a trainee: so many minutes beside the trainer, on shifts that fit it."""

    gp: GP
    agreement: Agreement
    minutes: int


def _minutes(shift: Shift) -> int:
    return round(shift.hours * 60)


def _coupled(dossier: Dossier, roster: Roster, shifts: Sequence[Shift], trainees: Sequence[GP]) -> dict[str, str]:
    """Trainee per shift of one trainer; a choice that breaks a rule is made again without the shift at fault."""
    places = [
        _Place(gp, row, int((row.hours or 0.0) * 60 + _SAME)) for gp in trainees for row in agreements(dossier, gp.id)
    ]
    fits = [{shift.id for shift in shifts if _may_join(dossier, roster, place, shift)} for place in places]
    by_id = {shift.id: shift for shift in shifts}
    while True:
        allotment = _Allotment(dossier, places, fits, by_id)
        choice = allotment.improved(allotment.nearest(range(len(places)), by_id))
        at_fault = _at_fault(dossier, roster, places, choice, by_id)
        if at_fault is None:
            return {shift_id: places[number].gp.id for shift_id, number in choice.items()}
        fits[choice[at_fault]].discard(at_fault)


def _may_join(dossier: Dossier, roster: Roster, place: _Place, shift: Shift) -> bool:
    if not place.agreement.covers(shift.day) or objection(dossier, place.gp.id, roster.gp_of[shift.id], shift):
        return False
    return not _broken(dossier, roster, place.gp.id, [shift])


def _broken(dossier: Dossier, roster: Roster, gp_id: str, shifts: Sequence[Shift]) -> tuple[str, ...]:
    """Those of `shifts` by which the trainee would break a hard rule, shifts on duty as a GP included."""
    together = (*roster.by_gp.get(gp_id, ()), *shifts)
    joined = Roster(shifts=together, trainee_of={shift.id: gp_id for shift in together})
    asked = {shift.id for shift in shifts}
    rules = (rule for rule in RULES if rule.name not in _KEPT_OTHERWISE)
    for violation in chain.from_iterable(rule.check(dossier, joined) for rule in rules):
        if not asked.isdisjoint(violation.shift_ids):
            return tuple(shift_id for shift_id in violation.shift_ids if shift_id in asked)
    return ()


def _at_fault(
    dossier: Dossier, roster: Roster, places: Sequence[_Place], choice: Choice, by_id: Mapping[str, Shift]
) -> str | None:
    of_gp: defaultdict[str, list[Shift]] = defaultdict(list)
    for shift_id, number in choice.items():
        of_gp[places[number].gp.id].append(by_id[shift_id])
    for gp_id, shifts in of_gp.items():
        if blamed := _broken(dossier, roster, gp_id, shifts):
            return blamed[-1]
    return None


class _Allotment:
    """Which place each of a trainer's shifts goes to: first the hours, exactly; then wishes and spread."""

    def __init__(
        self, dossier: Dossier, places: Sequence[_Place], fits: Sequence[set[str]], by_id: Mapping[str, Shift]
    ) -> None:
        self.places, self.fits, self.by_id = places, fits, by_id
        self.minutes = {shift_id: _minutes(shift) for shift_id, shift in by_id.items()}
        self.taste = [_Taste(dossier, place, [by_id[i] for i in sorted(fits[n])]) for n, place in enumerate(places)]

    def nearest(self, numbers: Iterable[int], free: Iterable[str]) -> Choice:
        """The choice from `free` that leaves the fewest agreed minutes open, together and then in the worst place."""
        numbers, free = list(numbers), [i for i in free if any(i in self.fits[n] for n in numbers)]
        if not numbers or not free:
            return {}
        step = gcd(*(self.minutes[i] for i in free)) or 1
        if len(numbers) > 1 and prod(self.places[n].minutes // step + 1 for n in numbers) > MOST_STATES:
            scarcest = min(numbers, key=lambda n: (self._room(n, free), n))
            first = self.nearest([scarcest], free)
            rest = [n for n in numbers if n != scarcest]
            return first | self.nearest(rest, [i for i in free if i not in first])
        return self._exact(numbers, free)

    def _room(self, number: int, free: Sequence[str]) -> int:
        return sum(self.minutes[i] for i in free if i in self.fits[number]) - self.places[number].minutes

    def _exact(self, numbers: Sequence[int], free: Sequence[str]) -> Choice:
        """Every reachable combination of minutes per place, each with its cheapest way there."""
        reached: dict[tuple[int, ...], tuple[float, _Way | None]] = {(0,) * len(numbers): (0.0, None)}
        for shift_id in free:
            for used, (cost, way) in list(reached.items()):
                for at, number in enumerate(numbers):
                    minutes = used[at] + self.minutes[shift_id]
                    if shift_id not in self.fits[number] or minutes > self.places[number].minutes:
                        continue
                    state = (*used[:at], minutes, *used[at + 1 :])
                    with_this = cost + self.taste[number].avoid[shift_id]
                    if state not in reached or with_this < reached[state][0] - _SAME:
                        reached[state] = (with_this, _Way(shift_id, number, way))
        caps = [self.places[n].minutes for n in numbers]

        def lacking(state: tuple[int, ...]) -> tuple[float, ...]:
            open_minutes = [cap - used for cap, used in zip(caps, state, strict=True)]
            return (sum(open_minutes), max(open_minutes), reached[state][0], *open_minutes)

        return dict(_steps(reached[min(reached, key=lacking)][1]))

    def improved(self, choice: Choice) -> Choice:
        """The choice after every exchange of equal minutes that suits the trainees better, best one first."""
        while True:
            better = min(
                (found for found in self._exchanges(choice) if found[0] < (0.0, 0.0)),
                key=lambda found: (found[0], sorted(found[1].items())),
                default=None,
            )
            if better is None:
                return choice
            changed = choice | better[1]
            choice = {shift_id: number for shift_id, number in changed.items() if number != NOWHERE}

    def _exchanges(self, choice: Choice) -> Iterator[tuple[tuple[float, float], Choice]]:
        """What each exchange of at most two shifts against two would gain (negative: better), and its new places."""
        for number in range(len(self.places)):
            own = sorted(i for i, n in choice.items() if n == number)
            free = sorted(i for i in self.fits[number] if i not in choice)
            now = self.taste[number].of(own)
            most = 2 if comb(len(own), 2) * comb(len(free), 2) <= MOST_PAIRS else 1
            by_minutes = self._by_minutes(free, most)
            for given in _up_to(most, own):
                for taken in by_minutes.get(sum(self.minutes[i] for i in given), ()):
                    changed = [i for i in own if i not in given] + list(taken)
                    gain = _difference(self.taste[number].of(changed), now)
                    yield gain, dict.fromkeys(given, NOWHERE) | dict.fromkeys(taken, number)
        yield from self._trades(choice)

    def _by_minutes(self, free: Sequence[str], most: int) -> Mapping[int, list[tuple[str, ...]]]:
        found: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
        for those in _up_to(most, free):
            found[sum(self.minutes[i] for i in those)].append(those)
        return found

    def _trades(self, choice: Choice) -> Iterator[tuple[tuple[float, float], Choice]]:
        own = [sorted(i for i, n in choice.items() if n == number) for number in range(len(self.places))]
        for one, other in combinations(range(len(self.places)), 2):
            now = _total(self.taste[one].of(own[one]), self.taste[other].of(own[other]))
            for a in own[one]:
                for b in own[other]:
                    if self.minutes[a] == self.minutes[b] and b in self.fits[one] and a in self.fits[other]:
                        new = _total(
                            self.taste[one].of([*(i for i in own[one] if i != a), b]),
                            self.taste[other].of([*(i for i in own[other] if i != b), a]),
                        )
                        yield _difference(new, now), {a: other, b: one}


class _Way(NamedTuple):
    """A chain of shifts taken, last first."""

    shift_id: str
    number: int
    before: _Way | None


def _steps(way: _Way | None) -> Iterator[tuple[str, int]]:
    while way is not None:
        yield way.shift_id, way.number
        way = way.before


class _Taste:
    """How well a set of shifts suits one trainee: wishes first, then the spread over burdens and time."""

    def __init__(self, dossier: Dossier, place: _Place, shifts: Sequence[Shift]) -> None:
        wishes = dossier.wishes_by_gp.get(place.gp.id, ())
        self.shift = {shift.id: shift for shift in shifts}
        self.avoid = {shift.id: avoid_wish.cost_of(dossier, place.gp.id, [shift]) for shift in shifts}
        self.prefer = [
            (w.weight * dossier.weights.prefer_wish, frozenset(s.id for s in shifts if s.touches(*w.interval)))
            for w in wishes
            if w.wish is WishKind.PREFER
        ]
        hours = _hours_by_burden(shifts)
        self.part = {burden: h / sum(hours.values()) for burden, h in hours.items()}
        self.first = max(place.agreement.valid_from, dossier.period.start)
        self.days = max(1, dossier.period.overlap(place.agreement.valid_from, place.agreement.valid_until))

    def of(self, shift_ids: Sequence[str]) -> tuple[float, float]:
        """Wishes not met, by weight, and unevenness without unit (0: as even as can be); less is better."""
        wishes = sum(self.avoid[i] for i in shift_ids) + sum(
            weight for weight, those in self.prefer if those.isdisjoint(shift_ids)
        )
        if not shift_ids:
            return wishes, 0.0
        shifts = [self.shift[i] for i in shift_ids]
        hours = _hours_by_burden(shifts)
        whole = sum(hours.values())
        mix = sum((hours[burden] / whole - part) ** 2 for burden, part in self.part.items())
        return wishes, mix + self._gaps(shifts)

    def _gaps(self, shifts: Sequence[Shift]) -> float:
        days = [0, *sorted((shift.day - self.first).days for shift in shifts), self.days]
        squares = sum((later - earlier) ** 2 for earlier, later in pairwise(days))
        return squares * (len(days) - 1) / self.days**2 - 1


def _hours_by_burden(shifts: Iterable[Shift]) -> Counter[Burden]:
    hours: Counter[Burden] = Counter()
    for shift in shifts:
        hours[shift.burden] += shift.hours  # type: ignore[assignment]
    return hours


def _up_to(most: int, shift_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(shift_ids, number) for number in range(1, most + 1))


def _total(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _difference(new: tuple[float, float], old: tuple[float, float]) -> tuple[float, float]:
    """New minus old, with differences that are rounding only set to 0."""
    wishes, spread = new[0] - old[0], new[1] - old[1]
    return (wishes if abs(wishes) > _SAME else 0.0), (spread if abs(spread) > _SAME else 0.0)
