"""GPs and groups that share work only among themselves."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.explain.blocks import blocks


def test_everyone_who_may_do_everything_is_one_block() -> None:
    """Two GPs who may do both groups carry exactly their totals."""
    (block,) = blocks(np.array([[True, True], [True, True]]), [5.0, 15.0], [8.0, 12.0])
    assert (block.groups, block.gps, block.load) == ((0, 1), (0, 1), 1.0)


def test_scarce_work_falls_to_the_few_who_may_do_it() -> None:
    """Ten hours that one GP of five hours may do: that GP does double, the other 10 of 15 hours."""
    first, second = blocks(np.array([[True, True], [False, True]]), [5.0, 15.0], [10.0, 10.0])
    assert (first.groups, first.gps, first.load) == ((0,), (0,), 2.0)
    assert (second.groups, second.gps) == ((1,), (1,))
    assert second.load == pytest.approx(2 / 3)


def test_a_little_too_much_is_not_hidden_by_plenty() -> None:
    """Three blocks come out apart, the most loaded first."""
    found = blocks(np.eye(3, dtype=bool), [10.0, 10.0, 10.0], [10.0, 12.0, 8.0])
    assert [(block.gps, block.load) for block in found] == [((1,), 1.2), ((0,), 1.0), ((2,), 0.8)]


def test_who_may_do_nothing_and_what_nobody_may_do_is_in_no_block() -> None:
    """They say nothing about the others."""
    (block,) = blocks(np.array([[True, False], [False, False]]), [5.0, 5.0], [5.0, 5.0])
    assert (block.groups, block.gps) == ((0,), (0,))


@settings(max_examples=60, deadline=None)
@given(
    may=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=5),
    wanted=st.lists(st.integers(1, 50), min_size=5, max_size=5),
    hours=st.lists(st.integers(1, 50), min_size=4, max_size=4),
)
def test_no_set_of_groups_is_heavier_than_the_first_block(
    may: list[list[bool]], wanted: list[int], hours: list[int]
) -> None:
    """Against every set of groups; and loads only fall from block to block."""
    found = blocks(np.array(may), [float(w) for w in wanted[: len(may)]], [float(h) for h in hours])
    able = [column for column in range(4) if any(row[column] for row in may)]
    sets = chain.from_iterable(combinations(able, size) for size in range(1, len(able) + 1))
    loads = [
        sum(hours[c] for c in those) / sum(wanted[i] for i, row in enumerate(may) if any(row[c] for c in those))
        for those in sets
    ]
    assert [block.load for block in found[:1]] == pytest.approx([max(loads)] if loads else [], abs=0.02)
    assert sorted(column for block in found for column in block.groups) == able
    assert all(later.load <= earlier.load + 0.02 for earlier, later in pairwise(found))
