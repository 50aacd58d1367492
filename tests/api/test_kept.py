"""What is remembered follows from its key, is made once, and leaves by size, the least used first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from api.kept import Kept, Memory


def kept_of(most: int, memory: Memory | None = None) -> Kept[str, list[int]]:
    """Lists, each as large as it is long."""
    return Kept(memory or Memory(most), len)


def test_a_value_is_made_once_under_its_key() -> None:
    """The second time it is the very same."""
    kept = kept_of(2)
    first = kept.get("a", lambda: [1])
    assert kept.get("a", lambda: [2]) is first
    assert kept.known("b") is None


def test_the_one_used_longest_ago_makes_room() -> None:
    """Being asked for counts as being used."""
    kept = kept_of(2)
    kept.keep("a", [1])
    kept.keep("b", [2])
    assert kept.known("a") == [1]
    kept.keep("c", [3])
    assert (kept.known("a"), kept.known("b"), kept.known("c")) == ([1], None, [3])


def test_size_counts_and_not_number() -> None:
    """One large value takes the place of several; the one used last stays even where it is too large."""
    memory = Memory(4)
    kept = kept_of(4, memory)
    for name in "abcd":
        kept.keep(name, [1])
    assert memory.used == 4
    kept.keep("large", [1, 2, 3])
    assert (kept.known("c"), kept.known("d"), memory.used) == (None, [1], 4)
    kept.keep("huge", [0] * 9)
    assert (kept.known("huge"), kept.known("large"), memory.used) == ([0] * 9, None, 9)


def test_kinds_share_a_memory_and_not_their_keys() -> None:
    """The same key under two kinds is two values; each pushes the other out."""
    memory = Memory(2)
    one, other = kept_of(2, memory), kept_of(2, memory)
    one.keep("a", [1])
    other.keep("a", [2])
    assert (one.known("a"), other.known("a")) == ([1], [2])
    other.keep("b", [3])
    assert one.known("a") is None


def test_of_two_that_made_the_same_the_first_is_kept() -> None:
    """Threads that were busy at the same time go on with one value."""
    kept = kept_of(2)
    first = kept.keep("a", [1])
    assert kept.keep("a", [2]) is first


def test_many_who_miss_the_same_have_it_made_once() -> None:
    """Seven wait for the one who began; another key waits for nobody."""
    kept, begun, go_on, made = kept_of(9), threading.Event(), threading.Event(), []

    def make() -> list[int]:
        made.append(1)
        begun.set()
        assert go_on.wait(60)
        return [1]

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(kept.get, "a", make) for _ in range(8)]
        assert begun.wait(60)
        assert kept.get("b", lambda: [2]) == [2]
        go_on.set()
        found = [one.result(60) for one in asked]
    assert (len(made), {id(one) for one in found}) == (1, {id(found[0])})


def test_what_cannot_be_made_is_tried_by_the_next() -> None:
    """An error is of the one who met it."""
    kept = kept_of(2)

    def fail() -> list[int]:
        raise OSError

    for _ in range(2):
        try:
            kept.get("a", fail)
        except OSError:
            continue
        raise AssertionError("it was made")
    assert kept.get("a", lambda: [1]) == [1]
