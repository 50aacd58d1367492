"""Many GPs who read at once: each asks once a second, as a crowd that opens its phones does."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx2

PAUSE_SECONDS = 1.0
PROCESSES = 1


@dataclass(frozen=True)
class Crowd:
    """What a crowd met with: seconds of every answer, and how many were no 200."""

    times: tuple[float, ...]
    failed: int
    seconds: float

    @property
    def count(self) -> int:
        """Number of answers."""
        return len(self.times)

    @property
    def p95(self) -> float:
        """Nineteen in twenty answers came within these seconds."""
        return sorted(self.times)[int(0.95 * len(self.times))]


def read_at_once(url: str, tokens: Sequence[str], seconds: float) -> Crowd:
    """Let everybody read for a while, from a process of their own, so that the server has its core to itself."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return pool.apply(_crowd, (url, list(tokens), seconds))


def _crowd(url: str, tokens: list[str], seconds: float) -> Crowd:
    return asyncio.run(_read(url, tokens, seconds))


async def _read(url: str, tokens: list[str], seconds: float) -> Crowd:
    times: list[float] = []
    failed = 0
    dice = random.Random(1)

    async def one(client: httpx2.AsyncClient, token: str, delay: float) -> None:
        nonlocal failed
        await asyncio.sleep(delay)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            begun = time.perf_counter()
            answer = await client.get(url, headers={"Authorization": f"Bearer {token}"})
            times.append(time.perf_counter() - begun)
            failed += answer.status_code != 200
            await asyncio.sleep(max(0.0, begun + PAUSE_SECONDS - time.perf_counter()))

    limits = httpx2.Limits(max_connections=len(tokens), max_keepalive_connections=len(tokens))
    async with httpx2.AsyncClient(limits=limits, timeout=60) as client:
        begun = time.perf_counter()
        await asyncio.gather(*(one(client, token, dice.uniform(0, PAUSE_SECONDS)) for token in tokens))
        return Crowd(tuple(times), failed, time.perf_counter() - begun)
