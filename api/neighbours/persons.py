"""Which numbers of GPs are one person: found in links, guests and accounts, and locked together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, bindparam, select, union_all
from sqlalchemy.orm import Session

from api.db.tables.neighbours import GpLink, Guest
from api.db.tables.people import Gp, Membership
from api.errors import Problem
from scheduler.messages import text

Pair = tuple[int, int]
_Column = Any
# as tables, not entities: asked several times for every duty that changes hands, where the mapping takes most of it
_GP, _LINK, _GUEST, _MEMBERSHIP = (cast(Table, one.__table__) for one in (Gp, GpLink, Guest, Membership))
_LOCKED = (
    select(_GP.c.number)
    .where(_GP.c.number.in_(bindparam("held", expanding=True)))
    .order_by(_GP.c.number)
    .with_for_update(key_share=True)
)
Others = Mapping[int, frozenset[int]]
"""Per number of a GP the other numbers of the same person; who has none is left out."""


def others_at(session: Session, hds_id: str) -> Others:
    """The other numbers of every GP of an HDS."""
    ours = select(Gp.number).where(Gp.hds_id == hds_id)
    found = _others(session, list(_pairs(session, lambda column: column.in_(ours))))
    numbers = frozenset(session.scalars(ours)) if found else frozenset()
    return {number: others for number, others in found.items() if number in numbers}


def others_of(session: Session, numbers: Iterable[int]) -> Others:
    """The other numbers of these GPs."""
    asked = frozenset(numbers)
    found = _others(session, list(_pairs_of(session, asked))) if asked else {}
    return {number: others for number, others in found.items() if number in asked}


def everyone(session: Session, numbers: Iterable[int]) -> frozenset[int]:
    """These GPs with every other number of the same persons."""
    asked = frozenset(numbers)
    return asked.union(*others_of(session, asked).values())


def hold_still(session: Session, numbers: Iterable[int]) -> Others:
    """Let nobody else change what these persons do, at whichever HDS, until the commit; their other numbers.

    Rows are locked in one order everywhere, so that two who do so never wait for each other for ever. Raises Problem
    `conflict` in the rare case that a person got another number at this very moment.
    """
    wanted = everyone(session, numbers)
    session.execute(_LOCKED, {"held": sorted(wanted)})
    others = others_of(session, wanted)
    if wanted.union(*others.values()) != wanted:
        raise Problem("conflict", text("neighbours.linked_meanwhile"))
    return others


def hold_at_several(session: Session, hds_id: str) -> None:
    """Hold every GP of an HDS still who is on duty at another one too: for whatever changes a whole roster."""
    others = others_at(session, hds_id)
    if others:
        hold_still(session, others)


def _others(session: Session, pairs: list[Pair]) -> Others:
    """Everything that hangs together with these pairs, over as many steps as it takes."""
    known: defaultdict[int, set[int]] = defaultdict(set)
    asked: set[int] = set()
    while pairs:
        for one, other in pairs:
            known[one].add(other)
            known[other].add(one)
        fresh = frozenset(known) - asked
        asked |= fresh
        pairs = [pair for pair in _pairs_of(session, fresh) if pair[1] not in known[pair[0]]] if fresh else []
    return _together(known)


def _together(known: Mapping[int, set[int]]) -> Others:
    found: dict[int, frozenset[int]] = {}
    for first in known:
        if first in found:
            continue
        whole, edge = {first}, [first]
        while edge:
            new = known[edge.pop()] - whole
            whole |= new
            edge += new
        found |= {number: frozenset(whole - {number}) for number in whole}
    return found


def _pairs_of(session: Session, numbers: frozenset[int]) -> Iterator[Pair]:
    return ((row[0], row[1]) for row in session.execute(_by_numbers(), {"asked": sorted(numbers)}))


@cache
def _by_numbers() -> CompoundSelect[Any]:
    """The query on GPs by number, put together once: it is asked several times for every duty that changes hands."""
    return _query(lambda column: column.in_(bindparam("asked", expanding=True)))


def _pairs(session: Session, is_asked: Callable[[_Column], ColumnElement[bool]]) -> Iterator[Pair]:
    """Two numbers of one person, at least one of which is asked about; the same pair may come twice."""
    return ((row[0], row[1]) for row in session.execute(_query(is_asked)))


def _query(is_asked: Callable[[_Column], ColumnElement[bool]]) -> CompoundSelect[Any]:
    return union_all(
        select(_LINK.c.one_number, _LINK.c.other_number).where(is_asked(_LINK.c.one_number)),
        select(_LINK.c.one_number, _LINK.c.other_number).where(is_asked(_LINK.c.other_number)),
        select(_GUEST.c.gp_number, _GUEST.c.home_number).where(is_asked(_GUEST.c.gp_number)),
        select(_GUEST.c.gp_number, _GUEST.c.home_number).where(is_asked(_GUEST.c.home_number)),
        _by_account(is_asked),
    )


def _by_account(is_asked: Callable[[_Column], ColumnElement[bool]]) -> Select[int | None, int | None]:
    """One account with the role of a GP at two HDSs: the administrators of both gave it to the same person."""
    own, other = _MEMBERSHIP.alias(), _MEMBERSHIP.alias()
    found: Select[int | None, int | None] = (
        select(own.c.gp_number, other.c.gp_number)
        .select_from(own.join(other, (other.c.user_id == own.c.user_id) & (other.c.hds_id != own.c.hds_id)))
        .where(own.c.role == "gp", other.c.role == "gp", is_asked(own.c.gp_number))
    )
    return found
