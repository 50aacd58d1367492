"""Finding everything that is held about a GP, by following the foreign keys: a new table can't be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, or_, select
from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables import Base
from api.db.tables.dossier import GpRow
from api.db.tables.people import Gp
from api.db.tables.swaps import SwapDeal, SwapMove

_GP_KEYS = {Gp.__table__.c.number, GpRow.__table__.c.gp_number}
_APART = frozenset({"gp", "audit_detail"})
"""Shown elsewhere in an export: the GP itself, and the audit trail with what it says of each link."""
_OWNER = MappingProxyType({"sickness_case": "gp_number", "repair_change": "from_number"})
"""Tables that name somebody beside the GP whom a row is about."""
_OF_OWNER = frozenset({"gp_number", "report_id", "reason", "cause", "room_for"})
"""What only the latter is shown of such a row: why somebody could not come is no business of who stood in."""


def columns_of_gps(table: Table) -> list[Column[Any]]:
    """The columns of a table that name a GP."""
    return [column for column in table.columns if any(key.column in _GP_KEYS for key in column.foreign_keys)]


def tables_about_gps() -> list[Table]:
    """Every table with rows about GPs, but for those shown apart."""
    return [one for one in Base.metadata.sorted_tables if one.name not in _APART and columns_of_gps(one)]


def rows_about(session: Session, number: int, gp_ids: Mapping[int, str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each table with its rows that name the GP, fit for JSON; GPs are named by their id in dossiers."""
    for table in tables_about_gps():
        named = columns_of_gps(table)
        rows = session.execute(select(table).where(or_(*(column == number for column in named)))).mappings()
        owner = _OWNER.get(table.name)
        yield (
            table.name,
            [shown(row, table, gp_ids, _OF_OWNER if owner and row[owner] != number else ()) for row in rows],
        )
    deals = select(SwapMove.deal_id).where(or_(SwapMove.from_number == number, SwapMove.to_number == number))
    table = Base.metadata.tables[SwapDeal.__tablename__]
    rows = session.execute(select(table).where(table.c.id.in_(deals))).mappings()
    yield table.name, [shown(row, table, gp_ids) for row in rows]


def shown(
    row: Mapping[Any, Any], table: Table, gp_ids: Mapping[int, str], but: Collection[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """A row fit for JSON, without files and these columns."""
    named = {column.name for column in columns_of_gps(table)}
    return {
        column.name: gp_ids.get(row[column.name]) if column.name in named else plain(row[column.name])
        for column in table.columns
        if not isinstance(column.type, LargeBinary) and column.name not in but
    }


def plain(value: Any) -> Any:
    """A value of a row as JSON has it; moments with the UTC offset of Amsterdam."""
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return value
