"""Swaps under load on PostgreSQL with the demo's region loaded: verdicts, ranked lists, rings, and swaps a second.

`python -m benchmarks.swap_load` starts the service as a user does, puts the demo's year in force (made by
`peer_greedy`), and asks from processes apart. `--only swaps` measures that alone, `--seconds` for how long, `--clients`
how many at once, `--workers` with how many processes of the API, `--audience` to whom each duty is offered, `--inside`
with how many processes that call what the routes call, without HTTP. Afterwards the roster, the deals and the audit
trail are held against what the clients were told. Leaves with 1 when a norm is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice

import httpx2
import numpy as np
from sqlalchemy import func, select

from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty
from api.db.tables.swaps import SwapDeal
from benchmarks.figures import Figure
from benchmarks.peer import Options
from benchmarks.peer_greedy import make
from benchmarks.service import publish
from benchmarks.service_process import Service, on_postgresql, several
from benchmarks.swap_crowd import Done, Party, swap_at_once
from benchmarks.swap_inside import swap_inside
from benchmarks.swap_pairs import pairs_of
from benchmarks.swaps import sets_of_moves
from scheduler.generate import DEMO, generate
from scheduler.swaps import Move, Situation
from scheduler.swaps.market import market_of

PAIRS, VERDICTS, LISTS, OFFERS = 160, 400, 100, 500
VERDICT_NORM, LIST_NORM, RINGS_NORM, SWAPS_NORM = 60.0, 100.0, 10.0, 100.0
PARTS = ("verdicts", "lists", "swaps", "rings")


def main() -> int:
    """Measure; 1 when a norm is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", choices=PARTS)
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--inside", type=int, default=0)
    asked.add_argument("--audience", choices=("colleague", "all"), default="colleague")
    options = asked.parse_args()
    missed = False
    with on_postgresql() as alone, several(alone, options.workers) as service:
        dossier = generate(**DEMO)  # type: ignore[arg-type]
        with service.client("planner") as planner:
            publish(planner, service, dossier)
            situation = Situation.of(dossier, make(dossier, Options(time_limit=60, workers=1, seed=1)))
            for part in PARTS:
                if options.only in {None, part}:
                    for one in _MEASURES[part](service, planner, situation, options):
                        print(f"| {one.name} | {one.value:.4g} {one.unit} | {one.most:g} {one.unit} |", flush=True)
                        missed |= one.missed
    return int(missed)


def _verdicts(
    service: Service, planner: httpx2.Client, situation: Situation, options: argparse.Namespace
) -> list[Figure]:
    def ask(moves: Sequence[Move]) -> None:
        body = {"moves": [_body(move) for move in moves]}
        planner.post(f"{service.hds}/swaps/verdict", json=body).raise_for_status()

    return _timed(
        "verdict by API", [lambda m=m: ask(m) for m in islice(sets_of_moves(situation), VERDICTS)], VERDICT_NORM
    )


def _lists(service: Service, planner: httpx2.Client, situation: Situation, options: argparse.Namespace) -> list[Figure]:
    def ask(shift_id: str) -> None:
        planner.get(f"{service.hds}/swaps/candidates/{shift_id}").raise_for_status()

    drawn = np.random.default_rng(2).choice(len(situation.ground.shifts), LISTS, replace=False)
    shift_ids = [situation.ground.shifts[int(place)].id for place in drawn]
    return _timed("ranked list by API", [lambda s=s: ask(s) for s in shift_ids], LIST_NORM)


def _timed(name: str, asking: Sequence[Callable[[], None]], norm: float) -> list[Figure]:
    asking[0]()
    times = []
    for ask in asking:
        begun = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - begun))
    return [Figure(f"{name}, {part} of 100", float(np.quantile(times, part / 100)), norm, "ms") for part in (50, 99)]


def _swaps(service: Service, planner: httpx2.Client, situation: Situation, options: argparse.Namespace) -> list[Figure]:
    pairs = list(pairs_of(situation, PAIRS))
    gp_ids = [gp_id for pair in pairs for gp_id in (pair.first, pair.second)]
    tokens = service.gp_tokens(gp_ids, len(gp_ids))
    parties = [Party(pair, (tokens[2 * n], tokens[2 * n + 1])) for n, pair in enumerate(pairs)]
    swap_at_once(service.url, service.hds, parties[-8:], 4, 2.0, options.audience)
    before = _done(service)
    if options.inside:
        told = swap_inside(
            service.database_url, service.hds_id, parties[:-8], options.inside, options.seconds, options.audience
        )
        how = f"{options.inside} processes without HTTP"
    else:
        told = swap_at_once(service.url, service.hds, parties[:-8], options.clients, options.seconds, options.audience)
        how = f"{options.clients} clients"
    lost, troubles = _held_against(service, told, before)
    if told.refused:
        print(dict(told.refused))
    return [
        _AtLeast(f"swaps done a second, {how}", len(told.times) / told.seconds, SWAPS_NORM, ""),
        Figure("offer and taking together, 99 of 100", 1000 * float(np.quantile(told.times, 0.99)), 1000, "ms"),
        Figure("swaps lost or done twice", lost, 0, ""),
        Figure("duties with another performer, links of the audit trail that do not hold", troubles, 0, ""),
    ]


class _AtLeast(Figure):
    @property
    def missed(self) -> bool:
        return self.value < self.most


def _done(service: Service) -> int:
    database = Database(service.database_url)
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(SwapDeal).where(SwapDeal.state == "done"))
    database.close()
    return found or 0


def _held_against(service: Service, told: Done, before: int) -> tuple[int, int]:
    """How many swaps more or fewer than were told stand in the database, and how much of it is not sound."""
    lost = abs(_done(service) - before - told.swaps)
    database = Database(service.database_url)
    with database.reading() as session:
        performers = select(Duty.shift_id, Gp.gp_id).join(Gp, Gp.number == Duty.performer_number)
        found = {
            shift_id: gp_id
            for shift_id, gp_id in session.execute(performers.where(Duty.shift_id.in_(sorted(told.holder))))
        }
    wrong = sum(found.get(shift_id) != gp_id for shift_id, gp_id in told.holder.items())
    troubles = wrong + len(verify_all(database, []).troubles)
    database.close()
    return lost, troubles


def _rings(service: Service, planner: httpx2.Client, situation: Situation, options: argparse.Namespace) -> list[Figure]:
    dossier, roster = situation.dossier, situation.roster
    market = market_of(dossier, roster, OFFERS, 1)
    gp_ids = sorted({one.gp_id for one in (*market.offers, *market.wants)})
    token_of = dict(zip(gp_ids, service.gp_tokens(gp_ids, len(gp_ids)), strict=True))
    with httpx2.Client(base_url=service.url, timeout=120) as client:
        for offer in market.offers:
            body = {"shift_id": offer.shift_id}
            if offer.in_return is not None:
                body |= {"in_return": offer.in_return.model_dump(mode="json")}
            _post(client, token_of[offer.gp_id], f"{service.hds}/swaps/offers", body)
        for want in market.wants:
            body = {"wanted": want.wanted.model_dump(mode="json"), "most": want.most}
            _post(client, token_of[want.gp_id], f"{service.hds}/swaps/wants", body)
    begun = time.perf_counter()
    found = planner.post(f"{service.hds}/swaps/rings", json={}).raise_for_status().json()
    seconds = time.perf_counter() - begun
    how = ", ".join(f"{name} {found[name]}" for name in ("offers", "wants", "moved", "bound", "left_out"))
    return [Figure(f"search for rings by API ({how}, {len(found['deal_ids'])} deals)", seconds, RINGS_NORM, "s")]


def _post(client: httpx2.Client, token: str, path: str, body: object) -> None:
    answer = client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
    if answer.status_code != 201:
        print(answer.status_code, answer.json().get("detail"))


def _body(move: Move) -> dict[str, str | None]:
    return {"shift_id": move.shift_id, "from_gp_id": move.from_gp, "to_gp_id": move.to_gp}


_MEASURES = {"verdicts": _verdicts, "lists": _lists, "swaps": _swaps, "rings": _rings}

if __name__ == "__main__":
    sys.exit(main())
