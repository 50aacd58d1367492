"""Mending against everything that could be done, on dossiers small enough to try it all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract, Post
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.time import DAY, Period
from scheduler.fair_shares import fair_shares
from scheduler.mend.result import MendResult
from scheduler.mend.run import mend
from scheduler.rules import RULES, coverage
from scheduler.rules.verdict import broken_by
from scheduler.verify import verify
from tests.builders import agreement, dossier, gp, shift_type
from tests.strategies import dossiers, rosters

Legality = Callable[[str, tuple[str, ...]], bool]
MOST_TRIED = 40_000
MONDAY = date(2027, 6, 7)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Tiny:
    """A legal roster, somebody who falls out, and a few shifts of others that may move."""

    dossier: Dossier
    roster: Roster
    away: Absence
    movable: frozenset[str]

    def mended(self) -> MendResult:
        """What is asked."""
        return mend(self.dossier, self.roster, away=[self.away], movable=self.movable, time_limit=60, beside=False)


@st.composite
def tiny_cases(draw: st.DrawFn) -> Tiny:
    """One GP falls out for a day or more; at most four shifts of others may move, those near by rather than far."""
    of = draw(dossiers())
    names = [one.id for one in of.gps] if draw(st.booleans()) else []
    roster = _made_legal(of, draw(rosters(of, able=True)), names)
    assume(roster.gp_of)
    away_gp = draw(st.sampled_from(sorted(roster.by_gp)))
    first = draw(st.sampled_from(roster.by_gp[away_gp]))
    away = Absence(gp_id=away_gp, start=first.start, end=first.end + DAY * draw(st.sampled_from((0, 0, 2, 6))))
    others = [one for one in roster.shifts if roster.gp_of.get(one.id, away_gp) != away_gp]
    near = sorted(others, key=lambda one: (abs(one.starts_at - first.starts_at), one.id))[:8]
    movable = draw(st.sets(st.sampled_from([one.id for one in near]), max_size=4)) if near else set()
    return Tiny(of, roster, away, frozenset(movable))


@st.composite
def chains(draw: st.DrawFn) -> Tiny:
    """GPs who may work at some of four posts only, hardly any room, so that one change asks for another."""
    posts, names = "PQRS", [f"G{number}" for number in range(1, draw(st.integers(3, 5)) + 1)]
    days = draw(st.integers(1, 3))
    kinds = [shift_type(f"at-{post}", post_id=post) for post in posts[: draw(st.integers(2, 4))]]
    of = dossier(
        [gp(name) for name in names],
        [agreement(name, posts=draw(st.sets(st.sampled_from(posts), min_size=1, max_size=3))) for name in names],
        kinds,
        period=Period(start=MONDAY, end=MONDAY + DAY * (days - 1)),
        posts=[Post(id=post, name=post, patients=10_000) for post in posts],
        rules=RuleParameters(max_shifts_per_week=draw(st.integers(1, 2))),
    )
    roster = _made_legal(of, Roster(shifts=shifts_of(of)), names=draw(st.permutations(names)))
    assume(roster.gp_of)
    first = roster.shift_by_id[draw(st.sampled_from(sorted(roster.gp_of)))]
    away = Absence(gp_id=roster.gp_of[first.id], start=first.start, end=first.end)
    others = [one for one, gp_id in sorted(roster.gp_of.items()) if gp_id != away.gp_id]
    return Tiny(of, roster, away, frozenset(others[:6]))


def _made_legal(of: Dossier, roster: Roster, names: Sequence[str]) -> Roster:
    """The roster without the shifts by which a GP breaks a rule, and with all that the GPs in `names` may add."""
    kept = Roster(shifts=roster.shifts)
    for shift in roster.shifts:
        own = roster.gp_of.get(shift.id)
        willing = [own, *names] if own else names
        able = next((gp_id for gp_id in willing if not broken_by(of, kept, gp_id, shift)), None)
        kept = kept.with_gp(shift.id, able) if able else kept
    return kept


@given(st.one_of(tiny_cases(), chains()))
@SLOW
def test_no_roster_does_better(tiny: Tiny) -> None:
    """As many shifts filled and as few of others moved as the best of all that could be tried, and told as proven."""
    result = tiny.mended()
    best = _least(tiny, result)
    if best is None:
        return
    assert result.is_proven
    assert (len(result.left_open), len(result.moved)) == best[:2]
    assert result.is_fairest
    if not result.moved:
        _, _, largest, squares = _standing(tiny, result.roster.gp_of, result)
        assert abs(largest - best[2]) < 1e-3
        assert abs(squares - best[3]) < 1e-3


def _least(tiny: Tiny, result: MendResult) -> tuple[int, int, float, float] | None:
    """The best standing of all rosters that differ where they may; None where there are too many to try."""
    of = tiny.dossier.replace(absences=(*tiny.dossier.absences, tiny.away))
    gp_ids = [one.id for one in of.gps if one.contract is not Contract.TRAINEE]
    free = (*result.vacated, *sorted(tiny.movable - set(result.vacated)))
    ways = (len(gp_ids) + 1) ** len(result.vacated) * len(gp_ids) ** (len(free) - len(result.vacated))
    if ways > MOST_TRIED:
        return None
    rest = {one: gp for one, gp in tiny.roster.gp_of.items() if one not in free}
    legal = _legality(of, tiny.roster, rest)
    choices: list[list[str | None]] = [[None, *gp_ids] if one in result.vacated else list(gp_ids) for one in free]
    found = (
        _standing(tiny, rest | {one: gp for one, gp in zip(free, way, strict=True) if gp}, result)
        for way in product(*choices)
        if _all_legal(legal, free, way)
    )
    return min(found)


def _all_legal(legal: Legality, free: Sequence[str], way: Sequence[str | None]) -> bool:
    taken: defaultdict[str, list[str]] = defaultdict(list)
    for one, gp_id in zip(free, way, strict=True):
        if gp_id is not None:
            taken[gp_id].append(one)
    return all(legal(gp_id, tuple(those)) for gp_id, those in taken.items())


def _legality(of: Dossier, roster: Roster, rest: Mapping[str, str]) -> Legality:
    @cache
    def legal(gp_id: str, extra: tuple[str, ...]) -> bool:
        own = [one for one, gp in rest.items() if gp == gp_id]
        shifts = tuple(roster.shift_by_id[one] for one in (*own, *extra))
        alone = Roster(shifts=shifts, gp_of={shift.id: gp_id for shift in shifts})
        return not any(True for rule in RULES if rule.name != coverage.NAME for _ in rule.check(of, alone))

    return legal


def _standing(tiny: Tiny, gp_of: Mapping[str, str], result: MendResult) -> tuple[int, int, float, float]:
    """Open shifts, shifts of others that changed hands, largest deviation but of who is away, squares."""
    targets = fair_shares(tiny.dossier, tiny.roster.shifts).targets
    roster = Roster(shifts=tiny.roster.shifts, gp_of=gp_of)
    off = {
        (gp, burden): own.deviation
        for burden, fairness in verify(tiny.dossier, roster, targets).fairness.items()
        for gp, own in fairness.per_gp.items()
    }
    largest = max((abs(d) for (gp, _), d in off.items() if gp != tiny.away.gp_id), default=0.0)
    moved = sum(gp_of.get(one) != gp for one, gp in tiny.roster.gp_of.items() if one not in result.vacated)
    return sum(one not in gp_of for one in result.vacated), moved, largest, sum(d * d for d in off.values())
