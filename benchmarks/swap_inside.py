"""Swaps without HTTP: processes that call what the routes call, on the same database, each for pairs of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from api.auth.principal import Member, Role
from api.db.engine import Database
from api.db.tables.people import Gp, User
from api.swaps import deals, offers
from api.swaps.schemas import MoveAsked, OfferAsked
from api.swaps.showing import deal_shown, own_offer_shown
from benchmarks.swap_crowd import Done, Party


def swap_inside(url: str, hds_id: str, parties: Sequence[Party], processes: int, seconds: float, audience: str) -> Done:
    """Let the pairs swap for a while, divided over so many processes; `audience` as for `swap_at_once`."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        asked = [(url, hds_id, list(parties[number::processes]), seconds, audience) for number in range(processes)]
        parts = pool.starmap(_swap, asked, chunksize=1)
    holder: dict[str, str] = {}
    for part in parts:
        holder |= part.holder
    return Done(
        sum(part.swaps for part in parts), tuple(one for part in parts for one in part.times), Counter(), holder,
        max(part.seconds for part in parts),
    )  # fmt: skip


def _swap(url: str, hds_id: str, parties: Sequence[Party], seconds: float, audience: str) -> Done:
    database = Database(url)
    with database.reading() as session:
        rows = session.execute(select(Gp.gp_id, Gp.number).where(Gp.hds_id == hds_id))
        number_of = {gp_id: number for gp_id, number in rows}
        user_id = session.scalars(select(User.id).limit(1)).one()
    holder = {party.pair.shift_id: party.pair.first for party in parties}
    members = {
        gp_id: Member(user_id, hds_id, frozenset({Role.GP}), number, gp_id) for gp_id, number in number_of.items()
    }
    # loading takes a second or two, and comes with the first
    _one(database, members, parties[0], holder, audience)
    times: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() < begun + seconds:
        started = time.perf_counter()
        _one(database, members, parties[1 + len(times) % (len(parties) - 1)], holder, audience)
        times.append(time.perf_counter() - started)
    database.close()
    return Done(len(times) + 1, tuple(times), Counter(), holder, time.perf_counter() - begun)


def _one(
    database: Database, members: Mapping[str, Member], party: Party, holder: dict[str, str], audience: str
) -> None:
    shift_id = party.pair.shift_id
    giver = holder[shift_id]
    taker = party.pair.second if giver == party.pair.first else party.pair.first
    colleague = taker if audience == "colleague" else None
    asked = OfferAsked.model_validate({"shift_id": shift_id, "audience": audience, "colleague_gp_id": colleague})
    with database.writing() as session:
        own_offer_shown(offers.offer(session, members[giver], asked), members[giver], asked).model_dump_json()
    move = MoveAsked(shift_id=shift_id, from_gp_id=giver, to_gp_id=taker)
    with database.writing() as session:
        shown = deal_shown(deals.propose(session, members[taker], [move], None))
        shown.model_dump_json()
    assert shown.state == "done"
    holder[shift_id] = taker
