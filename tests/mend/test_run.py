"""The door: what changes, what stays, what is told, and what is refused."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract, Post, Role
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.time import Period
from scheduler.errors import MendRefused
from scheduler.generate import generate
from scheduler.mend.result import ChangeReason, MendProgress, MendResult, MendStep
from scheduler.mend.run import mend
from scheduler.solve import solve
from scheduler.verify import verify
from tests.builders import agreement, dossier, gp, moment, roster, shift_type
from tests.strategies import dossiers, rosters

SPRING = Period(start=date(2027, 3, 1), end=date(2027, 5, 30))
WEEK = Period(start=date(2027, 6, 7), end=date(2027, 6, 13))
POSTS = "PQRS"


@pytest.fixture(scope="module")
def village() -> Dossier:
    """A generated HDS of one post, a quarter of a year."""
    return generate(gps=40, posts=1, seed=5).replace(period=SPRING, limits=())


@pytest.fixture(scope="module")
def made(village: Dossier) -> Roster:
    """Its roster."""
    return solve(village, time_limit=6, workers=1, seed=3).roster


def _chain() -> tuple[Dossier, Roster]:
    """One evening at four posts: each GP may work at two neighbouring ones, and only the last GP is free."""
    one_day = Period(start=date(2027, 6, 7), end=date(2027, 6, 7))
    names = {"X": "P", "A": "PQ", "B": "QR", "C": "RS", "D": "S"}
    of = dossier(
        [gp(name) for name in names],
        [agreement(name, posts=set(posts)) for name, posts in names.items()],
        [shift_type(post, post_id=post) for post in POSTS],
        period=one_day,
        posts=[Post(id=post, name=post, patients=10_000) for post in POSTS],
    )
    return of, roster(of, {f"{post}/2027-06-07/1": name for post, name in zip(POSTS, "XABC", strict=True)})


def test_a_shift_goes_to_another_gp_and_nothing_else_changes(village: Dossier, made: Roster) -> None:
    """One change, with its reason, proven to be the fewest."""
    shift_id = made.shifts[200].id
    result = mend(village, made, vacated=[shift_id])
    (change,) = result.changes
    assert (change.shift_id, change.from_gp, change.reason) == (shift_id, made.gp_of[shift_id], ChangeReason.AWAY)
    assert result.roster.gp_of == made.with_gp(shift_id, change.to_gp).gp_of
    assert result.is_proven
    assert change.to_gp in change.text


def test_a_long_absence_is_filled_without_moving_others(village: Dossier, made: Roster) -> None:
    """Two months of the busiest GP: every shift filled, no rule broken, only these shifts changed."""
    busiest = max(made.by_gp, key=lambda gp_id: len(made.by_gp[gp_id]))
    away = Absence(gp_id=busiest, start=moment("2027-03-15"), end=moment("2027-05-15"))
    result = mend(village, made, away=[away], time_limit=20)
    lost = {shift.id for shift in made.by_gp[busiest] if shift.touches(*away.interval)}
    verdict = verify(village.replace(absences=(*village.absences, away)), result.roster)
    assert len(lost) > 1
    assert {change.shift_id for change in result.changes} == lost
    assert not verdict.violations
    assert not verdict.unfilled
    assert result.is_proven
    assert result.is_fairest


def test_the_same_question_has_the_same_answer(village: Dossier, made: Roster) -> None:
    """Shift for shift."""
    busiest = max(made.by_gp, key=lambda gp_id: len(made.by_gp[gp_id]))
    away = Absence(gp_id=busiest, start=moment("2027-03-01"), end=moment("2027-04-01"))
    first, second = (mend(village, made, away=[away], time_limit=20, seed=4) for _ in range(2))
    assert first.roster == second.roster


def test_without_consent_a_chain_stays_open() -> None:
    """Nobody is free who may work at the first post; that is proven, and the reasons are told."""
    of, before = _chain()
    result = mend(of, before, vacated=["P/2027-06-07/1"], beside=False)
    (left,) = result.left_open
    assert result.roster.unfilled == (before.shift_by_id["P/2027-06-07/1"],)
    assert left.dropped_by_rule == {"may_work": 3, "no_overlap": 1, "absence": 1}
    assert result.is_proven


def test_a_chain_moves_when_everybody_in_it_may_move() -> None:
    """Three shifts of others change hands so that the first is filled, and fewer would not do."""
    of, before = _chain()
    result = mend(of, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), beside=False)
    assert [result.roster.gp_of[f"{post}/2027-06-07/1"] for post in POSTS] == ["A", "B", "C", "D"]
    assert (len(result.changes), result.fewest_changes, result.moved_bound) == (4, 4, 3)
    assert {change.room_for for change in result.moved} == {(f"{post}/2027-06-07/1",) for post in "PQR"}


def test_a_chain_with_a_link_that_may_not_move_stays_open() -> None:
    """One of the three keeps the shift, so nobody moves at all."""
    of, before = _chain()
    movable = ["Q/2027-06-07/1", "S/2027-06-07/1"]
    result = mend(of, before, vacated=["P/2027-06-07/1"], movable=movable, beside=False)
    assert not result.changes
    assert result.is_proven


def test_a_locked_shift_does_not_move() -> None:
    """A lock is a promise to its GP, also when the planner says that all may move."""
    of, before = _chain()
    locked = of.replace(locks=[Lock(shift_id="R/2027-06-07/1", gp_id="B")])
    result = mend(locked, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), beside=False)
    assert not result.changes


def test_who_falls_out_of_a_locked_shift_is_replaced() -> None:
    """The lock cannot be kept and is told to be lifted."""
    of, before = _chain()
    lock = Lock(shift_id="S/2027-06-07/1", gp_id="C")
    result = mend(of.replace(locks=[lock]), before, vacated=["S/2027-06-07/1"], beside=False)
    assert result.roster.gp_of["S/2027-06-07/1"] == "D"
    assert result.lifted_locks == (lock,)


def test_the_process_beside_gives_the_same_answer() -> None:
    """A chain solved in a process of its own and in this one."""
    of, before = _chain()
    found = [
        mend(of, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), beside=beside)
        for beside in (True, False)
    ]
    assert found[0].roster == found[1].roster
    assert found[0].is_proven


def test_an_open_shift_is_filled_when_asked_and_left_when_not() -> None:
    """Two evenings are open; one is named."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("evening")], period=WEEK)
    result = mend(of, roster(of), vacated=["evening/2027-06-09/1"], beside=False)
    (change,) = result.changes
    assert (change.from_gp, change.to_gp, change.reason) == (None, "A", ChangeReason.OPEN)
    assert len(result.roster.unfilled) == 6


def test_what_has_begun_stays() -> None:
    """Of two evenings within an absence the one before the moment of change stays with its GP."""
    of = dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [shift_type("evening")], period=WEEK)
    before = roster(of, {"evening/2027-06-07/1": "A", "evening/2027-06-09/1": "A"})
    away = Absence(gp_id="A", start=moment("2027-06-07T18:00"), end=moment("2027-06-12"))
    result = mend(of, before, away=[away], since=moment("2027-06-07T18:00"), beside=False)
    assert result.kept == ("evening/2027-06-07/1",)
    assert result.roster.gp_of == {"evening/2027-06-07/1": "A", "evening/2027-06-09/1": "B"}


def test_a_shift_that_starts_at_the_moment_of_change_may_still_change() -> None:
    """The edge itself is included."""
    of = dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [shift_type("evening")], period=WEEK)
    before = roster(of, {"evening/2027-06-07/1": "A"})
    result = mend(of, before, vacated=["evening/2027-06-07/1"], since=moment("2027-06-07T17:00"), beside=False)
    assert result.roster.gp_of == {"evening/2027-06-07/1": "B"}


def test_a_trainee_stays_with_the_trainer_and_not_with_the_shift() -> None:
    """The trainer is away: the trainee does not join whoever takes over."""
    of = dossier(
        [gp("A"), gp("B"), gp("T", Contract.TRAINEE, trainer_gp_id="A")],
        [agreement("A"), agreement("B"), agreement("T", contract=Contract.TRAINEE)],
        [shift_type("evening")],
        period=WEEK,
    )
    before = roster(of, {"evening/2027-06-07/1": "A"}, {"evening/2027-06-07/1": "T"})
    result = mend(of, before, vacated=["evening/2027-06-07/1"], beside=False)
    assert result.trainees_off == {"evening/2027-06-07/1": "T"}
    assert not verify(of, result.roster).violations


def test_a_trainee_who_is_away_leaves_the_trainer_in_place() -> None:
    """The shift stays the trainer's."""
    of = dossier(
        [gp("A"), gp("T", Contract.TRAINEE, trainer_gp_id="A")],
        [agreement("A"), agreement("T", contract=Contract.TRAINEE)],
        [shift_type("evening")],
        period=WEEK,
    )
    before = roster(of, {"evening/2027-06-07/1": "A"}, {"evening/2027-06-07/1": "T"})
    away = Absence(gp_id="T", start=moment("2027-06-07"), end=moment("2027-06-08"))
    result = mend(of, before, away=[away], beside=False)
    assert result.roster.gp_of == before.gp_of
    assert result.trainees_off == {"evening/2027-06-07/1": "T"}


def test_everything_wrong_with_the_question_is_told_at_once() -> None:
    """An unknown GP, an absence that ends before it starts, unknown shifts and one that has begun."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("evening")], period=WEEK)
    away = Absence(gp_id="Z", start=moment("2027-06-09"), end=moment("2027-06-08"))
    begun = "evening/2027-06-07/1"
    with pytest.raises(MendRefused) as refused:
        mend(of, roster(of), away=[away], vacated=["no/1", begun], movable=["no/2"], since=moment("2027-06-08"))
    assert len(refused.value.objections) == 5


def test_where_five_nights_in_a_row_may_be_no_bound_on_changes_is_claimed() -> None:
    """The chain is found all the same, and not told as proven."""
    of, before = _chain()
    nights = of.replace(rules=of.rules.replace(max_consecutive_nights=5))
    result = mend(nights, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), beside=False)
    assert (len(result.left_open), len(result.moved), result.moved_bound) == (0, 3, 0)
    assert not result.is_proven


def test_a_result_comes_back_from_its_json() -> None:
    """Jobs keep it between their steps."""
    of, before = _chain()
    result = mend(of, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), beside=False)
    assert MendResult.model_validate_json(result.model_dump_json()) == result


def test_who_gave_up_a_shift_gets_no_other_at_that_time() -> None:
    """Two shifts of one evening whose GPs cannot do them: they are not given to each other."""
    of, before = _chain()
    both = ["R/2027-06-07/1", "S/2027-06-07/1"]
    result = mend(of, before, vacated=both, movable=list(before.gp_of), beside=False)
    assert {shift_id: result.roster.gp_of.get(shift_id) for shift_id in both} == {both[0]: None, both[1]: "D"}


def test_who_was_called_in_leaves_the_standby_and_keeps_the_shift() -> None:
    """A has both at once; only the standby is filled anew."""
    kinds = [shift_type("evening"), shift_type("standby", role=Role.STANDBY)]
    roles = {Role.CONSULT, Role.STANDBY}
    of = dossier([gp("A"), gp("B")], [agreement(n, roles=roles) for n in "AB"], kinds, period=WEEK)
    before = roster(of, {"evening/2027-06-07/1": "A", "standby/2027-06-07/1": "A"})
    result = mend(of, before, vacated=["standby/2027-06-07/1"], beside=False)
    assert result.roster.gp_of == {"evening/2027-06-07/1": "A", "standby/2027-06-07/1": "B"}


def test_progress_goes_through_the_steps_and_never_loses_a_shift() -> None:
    """Steps in their order; filled shifts only grow in number."""
    of, before = _chain()
    told: list[MendProgress] = []
    mend(of, before, vacated=["P/2027-06-07/1"], movable=list(before.gp_of), progress=told.append, beside=False)
    order = list(MendStep)
    assert [one.step for one in told] == sorted((one.step for one in told), key=order.index)
    assert {one.step for one in told} == set(MendStep)
    assert [one.filled for one in told] == sorted(one.filled for one in told)
    assert (told[-1].filled, told[-1].moved) == (1, 3)


def test_what_is_found_at_once_is_spread_over_those_who_may() -> None:
    """Of two who may do all, each gets every other shift, before any search."""
    of = dossier(
        [gp(name) for name in "ABC"], [agreement(name) for name in "ABC"], [shift_type("evening", headcount=1)],
        period=WEEK, rules=RuleParameters(max_shifts_per_week=7),
    )  # fmt: skip
    before = roster(of, {f"evening/2027-06-{day:02}/1": "A" for day in range(7, 11)})
    away = Absence(gp_id="A", start=moment("2027-06-07"), end=moment("2027-06-14"))
    cancel = threading.Event()
    cancel.set()
    result = mend(of, before, away=[away], cancel=cancel, beside=False)
    assert sorted(change.to_gp for change in result.changes) == ["B", "B", "C", "C"]


def test_a_run_that_is_cancelled_gives_back_what_it_has(village: Dossier, made: Roster) -> None:
    """Cancelled at the first word: a legal roster, filled as far as that went."""
    busiest = max(made.by_gp, key=lambda gp_id: len(made.by_gp[gp_id]))
    away = Absence(gp_id=busiest, start=moment("2027-03-01"), end=moment("2027-06-01"))
    cancel = threading.Event()
    result = mend(village, made, away=[away], progress=lambda _: cancel.set(), cancel=cancel)
    assert result.cancelled
    assert result.changes
    assert not verify(village.replace(absences=(*village.absences, away)), result.roster).violations


@given(st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_changes_but_what_may_and_no_rule_breaks_that_held(data: st.DataObject) -> None:
    """Any roster, legal or not, any shifts that may move, from any moment on."""
    of = data.draw(dossiers().filter(lambda one: bool(shifts_of(one))))
    before = data.draw(rosters(of, able=data.draw(st.booleans())))
    ids = st.sets(st.sampled_from([shift.id for shift in before.shifts]), max_size=4)
    since = data.draw(st.sampled_from([None, *(shift.start for shift in before.shifts[::3])]))
    may_begin = {shift.id for shift in before.shifts if since is None or shift.starts_at >= since}
    vacated, movable = data.draw(ids) & may_begin, data.draw(ids)
    result = mend(of, before, vacated=vacated, movable=movable, since=since, time_limit=30, beside=False)
    changed = {s.id for s in before.shifts if before.gp_of.get(s.id) != result.roster.gp_of.get(s.id)}
    assert changed <= (vacated | movable) & may_begin
    assert {change.shift_id for change in result.changes} == changed & result.roster.gp_of.keys()
    assert changed - result.roster.gp_of.keys() <= vacated
    after = of.replace(absences=(*of.absences, *result.absences))
    rest = [
        {one: who for one, who in those.items() if one not in vacated} for those in (before.gp_of, before.trainee_of)
    ]
    without = Roster(shifts=before.shifts, gp_of=rest[0], trainee_of=rest[1])
    old = [*verify(after, before).violations, *verify(after, without).violations]
    for found in verify(after, result.roster).violations:
        assert any(
            (found.rule, found.gp_id) == (o.rule, o.gp_id) and set(found.shift_ids) <= set(o.shift_ids) for o in old
        )
