"""The draws behind a generated dossier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.generate.dice import Dice

SEEDS = st.integers(min_value=0, max_value=2**31)


@given(SEEDS)
def test_a_subject_has_a_stream_of_its_own(seed: int) -> None:
    """Draws depend on seed and subject and on nothing else."""
    assert Dice(seed, "wishes").unit() == Dice(seed, "wishes").unit()
    assert Dice(seed, "wishes").unit() != Dice(seed, "names").unit()


@given(SEEDS, st.integers(-5, 5), st.integers(0, 9))
def test_whole_numbers_stay_between_their_ends(seed: int, low: int, width: int) -> None:
    """Both ends are possible, nothing outside is."""
    dice = Dice(seed, "")
    assert {dice.whole(low, low + width) for _ in range(30)} <= set(range(low, low + width + 1))


def test_both_ends_of_a_range_come_up() -> None:
    """A die with two sides shows both."""
    dice = Dice(1, "")
    assert {dice.whole(1, 2) for _ in range(50)} == {1, 2}


@given(SEEDS, st.lists(st.integers(), unique=True, max_size=8), st.integers(0, 10))
def test_some_are_different_ones(seed: int, options: list[int], count: int) -> None:
    """As many as asked for or as there are, none twice."""
    drawn = Dice(seed, "").some(options, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(options))
    assert set(drawn) <= set(options)


def test_an_option_without_weight_never_comes_up() -> None:
    """Weights of zero switch an option off, first or last."""
    dice = Dice(5, "")
    assert {dice.pick("abc", (0, 1, 0)) for _ in range(50)} == {"b"}
