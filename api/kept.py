"""Memory of what takes long to make and follows from its key alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The `most` values used last, shared between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value under this key, made where it is not known."""
        found = self.known(key)
        if found is not None:
            return found
        # made outside the lock: others need not wait for what is not theirs
        return self.keep(key, make())

    def known(self, key: K) -> V | None:
        """The value under this key, if it is still known."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: K, value: V) -> V:
        """Remember a value, unless there is one under this key already; returns the one that is kept."""
        with self._lock:
            kept = self._found.setdefault(key, value)
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return kept
