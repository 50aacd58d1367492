"""Memory of what takes long to make and follows from its key alone, bounded by its size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_MEBIBYTE = 2**20


class Memory:
    """What several kinds of values share: at most `most` bytes, the values used longest ago leaving first.

    The one used last stays, however large it is: without it nothing would go on.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.RLock()
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._used = 0

    @property
    def used(self) -> int:
        """Bytes that are taken."""
        return self._used

    def recall(self, key: Hashable) -> Any:
        """The value under this key, or None."""
        with self.lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: Hashable, value: Any, size: int) -> None:
        """Remember a value of so many bytes under a key that has none."""
        with self.lock:
            self._found[key] = value, size
            self._used += size
            while self._used > self.most and len(self._found) > 1:
                _, (_, freed) = self._found.popitem(last=False)
                self._used -= freed


ROSTERS = Memory(512 * _MEBIBYTE)
"""Dossiers and rosters opened for verdicts, of all HDSs that a process serves (`Settings.rosters_memory`)."""
BYTES_OF_SHIFT = 2600
"""What a dossier or roster opened for verdicts takes for each of its shifts, by `benchmarks.kept_memory`."""


class Kept(Generic[K, V]):
    """Values of one kind in a memory, shared between threads; `weigh` tells the bytes of a value."""

    def __init__(self, memory: Memory, weigh: Callable[[V], int]) -> None:
        self._memory, self._weigh = memory, weigh
        self._making: dict[K, tuple[threading.RLock, int]] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value under this key, made where it is not known: by one, while others who ask for the same wait."""
        found = self.known(key)
        if found is not None:
            return found
        with self._turn_at(key):
            found = self.known(key)
            return self.keep(key, make()) if found is None else found

    def known(self, key: K) -> V | None:
        """The value under this key, if it is still known."""
        found: V | None = self._memory.recall((id(self), key))
        return found

    def keep(self, key: K, value: V) -> V:
        """Remember a value, unless there is one under this key already; returns the one that is kept."""
        size = self._weigh(value)
        with self._memory.lock:
            kept = self.known(key)
            if kept is not None:
                return kept
            self._memory.keep((id(self), key), value, size)
        return value

    @contextmanager
    def _turn_at(self, key: K) -> Iterator[None]:
        """One at a time of those who make the same; what nobody waits for any more is forgotten."""
        with self._memory.lock:
            turn, count = self._making.get(key, (threading.RLock(), 0))
            self._making[key] = turn, count + 1
        try:
            with turn:
                yield
        finally:
            with self._memory.lock:
                turn, count = self._making[key]
                if count == 1:
                    del self._making[key]
                else:
                    self._making[key] = turn, count - 1
