"""The search for the largest set of rings, on markets that are plain numbers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.solve import rings as search
from scheduler.solve.ring_choice import choose
from scheduler.solve.ring_columns import Columns
from scheduler.solve.ring_list import rings_within
from scheduler.solve.ring_master import Rows
from scheduler.solve.ring_puzzle import Clause, Graph, Question, Ring
from scheduler.solve.rings import Apart, RingSearch, fits, moved


def graph(
    sources: int, exchanges: int, sinks: int, arcs: list[tuple[int, int]], longest: int = 6, room: int = 1
) -> Graph:
    """Nodes are numbered in this order; arcs go from node to node and cost their number."""
    size = sources + exchanges + sinks
    places = np.arange(size)
    return Graph(
        room=np.where(places >= sources + exchanges, room, 1),
        is_source=places < sources,
        is_sink=places >= sources + exchanges,
        tail=np.array([tail for tail, _ in arcs], np.int64),
        head=np.array([head for _, head in arcs], np.int64),
        cost=np.arange(len(arcs)),
        longest=longest,
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, tuple[Clause, ...]]:
    """A few nodes of each kind with random arcs, and now and then a clause."""
    sources, exchanges, sinks = draw(st.integers(0, 2)), draw(st.integers(0, 6)), draw(st.integers(0, 2))
    givers, takers = range(sources + exchanges), range(sources, sources + exchanges + sinks)
    possible = [(tail, head) for tail in givers for head in takers if tail != head]
    arcs = draw(st.lists(st.sampled_from(possible), max_size=16, unique=True)) if possible else []
    found = graph(sources, exchanges, sinks, arcs, draw(st.integers(2, 6)), draw(st.integers(1, 2)))
    clauses = []
    for _ in range(draw(st.integers(0, 2)) if arcs else 0):
        named = draw(st.lists(st.integers(0, len(arcs) - 1), min_size=1, max_size=3, unique=True))
        signs = draw(st.lists(st.sampled_from((1, 1, -1)), min_size=len(named), max_size=len(named)))
        clauses.append(Clause(tuple(zip(named, signs, strict=True)), draw(st.integers(0, 1))))
    return found, tuple(clauses)


def most(of: Graph, clauses: tuple[Clause, ...]) -> int:
    """The most shifts that any set of rings moves, by trying every set."""
    rings, complete = rings_within(of, np.ones(of.size, bool), 100_000)
    assert complete
    rows, best = Rows(of, clauses), 0
    for number in range(len(rings) + 1):
        sets = [
            those
            for those in combinations(rings, number)
            if (rows.used(those)[: 2 * of.size] <= rows.most[: 2 * of.size]).all()
        ]
        if not sets:
            break
        best = max([best, *(moved(those) for those in sets if fits(rows, those))])
    return best


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_a_small_market_is_solved_to_the_end(market: tuple[Graph, tuple[Clause, ...]]) -> None:
    """As many as trying every set gives, with the bound at it."""
    of, clauses = market
    answer = RingSearch(of).answer(Question(clauses, 30, 1))
    assert answer.moved == answer.bound == most(of, clauses)
    assert fits(Rows(of, clauses), answer.rings)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_a_large_market_has_a_bound_that_holds(market: tuple[Graph, tuple[Clause, ...]]) -> None:
    """By columns, dive and parts instead of the whole list: never more than is possible, never a bound below it."""
    of, clauses = market
    whole = RingSearch(of)
    whole.complete = False
    first = whole.answer(Question((), 30, 1))
    answer = whole.answer(Question(clauses, 30, 1))
    best = most(of, clauses)
    assert answer.moved <= best <= answer.bound <= first.bound
    assert fits(Rows(of, clauses), answer.rings)
    # a part as large as the market is chosen exactly, so nothing is missed here
    assert answer.moved == best or clauses


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_pricing_misses_no_ring_that_is_worth_something(
    market: tuple[Graph, tuple[Clause, ...]], data: st.DataObject
) -> None:
    """Where any ring is worth something one is found, and the bound is no less than any set of rings is worth."""
    of, _ = market
    value = st.integers(-4, 2)
    worth = np.array([data.draw(value) for _ in of.tail], float)
    found, bound = Columns(of).best(worth)
    rings, _ = rings_within(of, np.ones(of.size, bool), 100_000)
    worths = {ring: worth[list(ring)].sum() for ring in rings}
    assert set(found) <= {ring for ring, value in worths.items() if value > 0}
    assert bool(found) == any(value > 0 for value in worths.values())
    rows = Rows(of, ())
    pairs = [those for number in (1, 2) for those in combinations(rings, number) if fits(rows, those)]
    assert all(sum(worths[ring] for ring in those) <= bound + 1e-9 for those in pairs)


def circle(size: int) -> Graph:
    """Exchanges of which each takes from the one before."""
    return graph(0, size, 0, [(node, (node + 1) % size) for node in range(size)])


@pytest.mark.parametrize(("size", "expected"), [(2, 2), (6, 6), (7, 0)])
def test_rings_are_as_long_as_allowed(size: int, expected: int) -> None:
    """Six may go round, seven not, whichever way the search goes."""
    for complete in (True, False):
        one = RingSearch(circle(size))
        one.complete = complete
        assert one.answer(Question((), 30, 1)).moved == expected


def test_the_cheapest_of_equal_choices_is_taken() -> None:
    """One handover, two takers: the first arc costs less."""
    answer = RingSearch(graph(1, 0, 2, [(0, 1), (0, 2)])).answer(Question((), 30, 1))
    assert answer.rings == ((0,),)


def test_the_same_question_has_the_same_answer() -> None:
    """A seed decides, not chance."""
    rng = np.random.default_rng(5)
    arcs = sorted({(int(rng.integers(0, 30)), int(rng.integers(10, 40))) for _ in range(120)})
    of = graph(10, 20, 10, [(tail, head) for tail, head in arcs if tail != head])
    answers = []
    for _ in range(2):
        one = RingSearch(of)
        one.complete = False
        answers.append(one.answer(Question((), 60, 3)))
    assert answers[0] == answers[1]
    exact = RingSearch(of).answer(Question((), 60, 3))
    assert answers[0].moved <= exact.moved <= answers[0].bound


def test_a_process_apart_answers_and_a_lost_one_says_nothing() -> None:
    """The search runs elsewhere; when it is gone there is no answer, and no error."""
    apart = Apart()
    try:
        apart.open(circle(3))
        assert apart.answer(Question((), 30, 1)) == RingSearch(circle(3)).answer(Question((), 30, 1))
    finally:
        apart.close()
    assert apart.answer(Question((), 1, 1)) is None


def test_nothing_to_choose_from_is_an_answer() -> None:
    """A market without arcs moves nothing."""
    assert RingSearch(graph(1, 1, 1, [])).answer(Question((), 5, 1)).bound == 0
    rows = Rows(circle(3), ())
    ring: Ring = (0, 1, 2)
    found = choose(rows, [ring], [ring], frozenset(), budget=1, seconds=5, seed=0)
    assert found is not None
    assert found.places == ()
    assert search.moved([ring]) == 3
