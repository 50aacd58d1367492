"""How long verdicts, ranked lists and rings take on a roster of a whole year.

`python -m benchmarks.swaps` makes a roster of `data/demo` (350 GPs, 6,188 shifts) and of a generated HDS of 900 GPs,
asks thousands of questions about each, and leaves with 1 when a norm is missed. `--seconds` is the time that making
each roster may take, `--only demo` leaves the large HDS out. Making rosters, reading files and imports are not counted.

Verdicts and lists are measured in processor time too: one thread does them, so that is what the clock says on a machine
with nothing else to do, and by that the norms are judged.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.generate import generate
from scheduler.intake import take_in
from scheduler.payout import TariffTable, national_tariffs
from scheduler.solve import solve
from scheduler.swaps import Move, Situation, judge_in
from scheduler.swaps.candidates import rank
from scheduler.swaps.market import market_of
from scheduler.swaps.rings import SECONDS, find_rings

DEMO = Path(__file__).resolve().parents[1] / "data" / "demo"
QUESTIONS, LISTS, OFFERS = 4_000, 400, 500
VERDICT_NORM, LIST_NORM, RINGS_NORM = 0.010, 0.100, 10.0
SEEDS = (1, 2, 3)


def main() -> int:
    """Measure; 1 when something took longer than its norm."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--only", choices=("demo", "large"))
    asked.add_argument("--rings", type=float, default=SECONDS, help="seconds that the search for rings may take")
    options = asked.parse_args()
    cases: dict[str, Callable[[], Dossier]] = {
        "demo": lambda: take_in(DEMO).dossier,
        "large": lambda: generate(900, 5, 1),
    }
    print("| dossier | what | median | 99 of 100 | 99 of 100 by the clock | norm |")
    print("| --- | --- | --- | --- | --- | --- |")
    missed = [
        _measure(name, dossier(), options.seconds, options.rings)
        for name, dossier in cases.items()
        if options.only in {None, name}
    ]  # fmt: skip
    return int(any(missed))


def _measure(name: str, dossier: Dossier, seconds: float, rings: float) -> bool:
    roster = solve(dossier, time_limit=seconds).roster
    situation = Situation.of(dossier, roster, None, _tariffs())
    situation.ground.targets  # noqa: B018 (computed once, when a roster is opened)
    gc.collect()
    gc.freeze()
    label = f"{name}: {len(dossier.gps)} doctors, {len(roster.shifts)} shifts"
    verdicts = [_timed(lambda moves=moves: judge_in(situation, moves)) for moves in sets_of_moves(situation)]
    lists = [_timed(lambda shift_id=shift_id: rank(situation, shift_id)) for shift_id in _shift_ids(situation, LISTS)]
    late = _told(label, f"verdict on 1 to 6 moves, {len(verdicts)} times", verdicts, VERDICT_NORM)
    late |= _told(label, f"ranked list for a shift, {len(lists)} times", lists, LIST_NORM)
    return any([late, *(_rings(label, situation, seed, rings) for seed in SEEDS)])


def _rings(label: str, situation: Situation, seed: int, seconds: float) -> bool:
    market = market_of(situation.dossier, situation.roster, OFFERS, seed)
    cpu = _cpu()
    started = time.perf_counter()
    found = find_rings(situation, market, seed=seed, seconds=seconds)
    took = time.perf_counter() - started
    what = f"rings, market {seed}: {market}; {found.moved} of at most {found.bound} shifts move"
    how = f"in {len(found.proposals)} proposals, {found.rounds} rounds, {_cpu() - cpu:.1f} s of processor"
    norm = max(RINGS_NORM, seconds + 1)
    print(f"| {label} | {what} {how} | | | {took:.1f} s | {norm:.0f} s |", flush=True)
    return took > norm


def _cpu() -> float:
    """Seconds of processor time of this process and of those that it started and ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _told(label: str, what: str, seconds: Sequence[tuple[float, float]], norm: float) -> bool:
    used, took = zip(*seconds, strict=True)
    middle, late, by_clock = (1000 * float(np.quantile(*those)) for those in ((used, 0.5), (used, 0.99), (took, 0.99)))
    print(f"| {label} | {what} | {middle:.1f} ms | {late:.1f} ms | {by_clock:.1f} ms | {1000 * norm:.0f} ms |")
    return late > 1000 * norm


def sets_of_moves(situation: Situation) -> Iterator[list[Move]]:
    """Handovers to anybody, exchanges and rings of up to six among whoever has the shifts drawn."""
    rng = np.random.default_rng(1)
    gp_ids, shifts = situation.ground.qualified, [one for one in situation.ground.shifts if one.id in situation.gp_of]
    for _ in range(QUESTIONS):
        size = int(rng.choice([1, 1, 2, 2, 3, 6]))
        drawn = [shifts[place].id for place in rng.choice(len(shifts), size, replace=False)]
        holders = [situation.gp_of[shift_id] for shift_id in drawn]
        takers = holders[1:] + holders[:1] if size > 1 else [gp_ids[int(rng.integers(len(gp_ids)))]]
        moves = [
            Move(shift_id=shift_id, from_gp=giver, to_gp=taker)
            for shift_id, giver, taker in zip(drawn, holders, takers, strict=True)
        ]
        if all(move.from_gp != move.to_gp for move in moves):
            yield moves


def _shift_ids(situation: Situation, number: int) -> list[str]:
    rng = np.random.default_rng(2)
    shifts = situation.ground.shifts
    return [shifts[place].id for place in rng.choice(len(shifts), number, replace=False)]


def _tariffs() -> TariffTable:
    """The amounts of 2024 for 2027: how fast does not depend on how much."""
    rows = [row for row in national_tariffs().national if row.valid_from.year == 2024]
    spread = [row.replace(valid_from=date(2026, 1, 1), valid_until=date(2028, 12, 31)) for row in rows]
    return TariffTable(national=spread)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor and of the clock."""
    used, started = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - used, time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
