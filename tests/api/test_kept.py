"""What is remembered follows from its key, and the least used is forgotten first."""

from __future__ import annotations

from api.kept import Kept


def test_a_value_is_made_once_under_its_key() -> None:
    """The second time it is the very same."""
    kept: Kept[str, list[int]] = Kept(2)
    first = kept.get("a", lambda: [1])
    assert kept.get("a", lambda: [2]) is first
    assert kept.known("b") is None


def test_the_one_used_longest_ago_makes_room() -> None:
    """Being asked for counts as being used."""
    kept: Kept[str, int] = Kept(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.known("a") == 1
    kept.keep("c", 3)
    assert (kept.known("a"), kept.known("b"), kept.known("c")) == (1, None, 3)


def test_of_two_that_made_the_same_the_first_is_kept() -> None:
    """Threads that were busy at the same time go on with one value."""
    kept: Kept[str, list[int]] = Kept(2)
    first = kept.keep("a", [1])
    assert kept.keep("a", [2]) is first
