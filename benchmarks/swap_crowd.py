"""Many GPs who swap at once: each pair hands its duty to and fro, an offer and a taking for every swap."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.swap_pairs import Pair


@dataclass(frozen=True)
class Party:
    """A pair with the tokens of both GPs."""

    pair: Pair
    tokens: tuple[str, str]


@dataclass(frozen=True)
class Done:
    """What a crowd did: swaps done, the seconds each took, what else was answered, and who has each duty now."""

    swaps: int
    times: tuple[float, ...]
    refused: Counter[str]
    holder: dict[str, str]
    seconds: float


def swap_at_once(url: str, hds: str, parties: Sequence[Party], clients: int, seconds: float, audience: str) -> Done:
    """Let `clients` of the pairs swap at the same time for a while, from a process of their own.

    `audience` of their offers: `colleague`, the other of the pair, or `all`.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_crowd, (url, hds, list(parties), clients, seconds, audience))


def _crowd(url: str, hds: str, parties: list[Party], clients: int, seconds: float, audience: str) -> Done:
    return asyncio.run(_swap(url, hds, parties, clients, seconds, audience))


async def _swap(url: str, hds: str, parties: list[Party], clients: int, seconds: float, audience: str) -> Done:
    where = urlsplit(url)
    holder = {party.pair.shift_id: party.pair.first for party in parties}
    times: list[float] = []
    refused: Counter[str] = Counter()
    until = time.perf_counter() + seconds

    async def client(own: Sequence[Party]) -> None:
        line = _Line(*await asyncio.open_connection(where.hostname, where.port), where.netloc)
        turn = 0
        while own and time.perf_counter() < until:
            party = own[turn % len(own)]
            turn += 1
            pair, begun = party.pair, time.perf_counter()
            back = holder[pair.shift_id] != pair.first
            giver, taker = (pair.second, pair.first) if back else (pair.first, pair.second)
            offer = {"shift_id": pair.shift_id, "audience": audience}
            if audience == "colleague":
                offer["colleague_gp_id"] = taker
            move = {"shift_id": pair.shift_id, "from_gp_id": giver, "to_gp_id": taker}
            offered = await line.post(f"{hds}/swaps/offers", party.tokens[back], offer)
            done = await line.post(f"{hds}/swaps/deals", party.tokens[not back], {"moves": [move]})
            if done.get("state") == "done":
                holder[pair.shift_id] = taker
                times.append(time.perf_counter() - begun)
            else:
                refused[f"{offered.get('code', offered.get('state'))}, {done.get('code', done.get('state'))}"] += 1
        line.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client(parties[number::clients]) for number in range(clients)))
    return Done(len(times), tuple(times), refused, holder, time.perf_counter() - begun)


class _Line:
    """One connection that is kept; by hand, as a client library costs more than the server does."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    async def post(self, path: str, token: str, content: object) -> dict[str, object]:
        """Send JSON and read the JSON of the answer."""
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(line for line in answered.splitlines() if line.startswith("content-length:"))
        found: dict[str, object] = json.loads(await self._reader.readexactly(int(length.partition(":")[2])))
        return found

    def close(self) -> None:
        """End the connection."""
        self._writer.close()
