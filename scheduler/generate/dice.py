"""Reproducible draws: one independent stream a subject, so that a change in one leaves the others alone."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


class Dice:
    """Draws from numpy's PCG64, seeded by a number and a subject.

    Only `random()` of the generator is used: numpy keeps the raw stream of a bit generator fixed over releases, but
    not the algorithms of `choice`, `shuffle` and the distributions.
    """

    def __init__(self, seed: int, subject: str) -> None:
        entropy = np.random.SeedSequence([seed, zlib.crc32(subject.encode())])
        self._generator = np.random.Generator(np.random.PCG64(entropy))

    def unit(self) -> float:
        """A number in `[0, 1)`."""
        return float(self._generator.random())

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """A number in `[low, high)`."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, options: Sequence[_T], weights: Sequence[float] | None = None) -> _T:
        """One of `options`, evenly or by weight."""
        if weights is None:
            return options[int(self.unit() * len(options))]
        point = self.unit() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            point -= weight
            if point < 0:
                return option
        return options[-1]

    def some(self, options: Sequence[_T], count: int) -> list[_T]:
        """`count` different places of `options` (fewer when there are fewer), in drawn order."""
        left = list(options)
        return [left.pop(int(self.unit() * len(left))) for _ in range(min(count, len(left)))]
