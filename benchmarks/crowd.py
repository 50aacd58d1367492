"""Many GPs who read at once: each asks once a second, as a crowd that opens its phones does."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PAUSE_SECONDS = 1.0


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
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_crowd, (url, list(tokens), seconds))


def _crowd(url: str, tokens: list[str], seconds: float) -> Crowd:
    return asyncio.run(_read(url, tokens, seconds))


async def _read(url: str, tokens: list[str], seconds: float) -> Crowd:
    times: list[float] = []
    failed = 0
    dice = random.Random(1)
    where = urlsplit(url)

    async def one(token: str, delay: float) -> None:
        nonlocal failed
        await asyncio.sleep(delay)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        asked = f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            begun = time.perf_counter()
            writer.write(asked)
            failed += not await _answered(reader)
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(max(0.0, begun + PAUSE_SECONDS - time.perf_counter()))
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(token, dice.uniform(0, PAUSE_SECONDS)) for token in tokens))
    return Crowd(tuple(times), failed, time.perf_counter() - begun)


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; whether it was a 200. By hand: a client library costs more than the server does."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(line for line in head.splitlines() if line.startswith("content-length:"))
    await reader.readexactly(int(length.partition(":")[2]))
    return head.startswith("http/1.1 200")
