"""Which shifts are asked for: the same filters for versions and for the roster in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from api.db.tables.rosters import Assignment, Duty
from api.errors import Problem
from api.fields import Day, Identifier, ShiftId
from api.paging import PageCut
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import DAY, local

MOST_NAMED = 100
"""Shifts that a caller may name in one question: what fits an address."""


@dataclass(frozen=True)
class Filters:
    """What a shift must have to be shown; `start` and `end` are local days of the start, both included."""

    start: date | None = None
    end: date | None = None
    post_id: str | None = None
    role: Role | None = None
    burden: Burden | None = None
    gp_number: int | None = None
    unfilled: bool | None = None
    shift_ids: tuple[str, ...] = ()
    after: tuple[datetime, str] | None = None

    def conditions(
        self, table: type[Assignment] | type[Duty], gp: InstrumentedAttribute[Any]
    ) -> list[ColumnElement[bool]]:
        """The SQL of it for the rows of `table`, where the column `gp` holds the GP."""
        found: list[ColumnElement[bool]] = []
        if self.start is not None:
            found.append(table.starts_at >= local(self.start, time(0)))
        if self.end is not None:
            found.append(table.starts_at < local(self.end + DAY, time(0)))
        if self.post_id is not None:
            found.append(table.post_id == self.post_id)
        if self.role is not None:
            found.append(table.role == self.role)
        if self.burden is not None:
            found.append(table.burden == self.burden)
        if self.gp_number is not None:
            found.append(gp == self.gp_number)
        if self.unfilled is not None:
            found.append(gp.is_(None) if self.unfilled else gp.is_not(None))
        if self.shift_ids:
            found.append(table.shift_id.in_(self.shift_ids))
        if self.after is not None:
            moment, shift_id = self.after
            beyond = and_(table.starts_at == moment, table.shift_id > shift_id)
            found.append(or_(table.starts_at > moment, beyond))
        return found


@dataclass(frozen=True)
class Asked:
    """Filters as a caller gives them, with the id of a GP; `limit` None asks for all shifts at once."""

    filters: Filters
    gp_id: str | None
    limit: int | None


def _asked(
    cut: PageCut,
    start: Annotated[Day | None, Query(alias="from", description="First local day of start.")] = None,
    end: Annotated[Day | None, Query(alias="until", description="Last local day of start.")] = None,
    post: Annotated[Identifier | None, Query(description="Id of a post.")] = None,
    role: Annotated[Role | None, Query()] = None,
    burden: Annotated[Burden | None, Query()] = None,
    gp_id: Annotated[Identifier | None, Query(description="Id of the GP who has the shift.")] = None,
    unfilled: Annotated[bool | None, Query(description="Only shifts without (true) or with (false) a GP.")] = None,
    everything: Annotated[bool, Query(alias="all", description="All shifts in one answer, whatever `limit`.")] = False,
    shift_id: Annotated[list[ShiftId], Query(description="Only these shifts.", max_length=MOST_NAMED)] = [],  # noqa: B006
) -> Asked:
    after = None if cut.after is None else key_of(cut.after)
    filters = Filters(start, end, post, role, burden, unfilled=unfilled, shift_ids=tuple(shift_id), after=after)
    return Asked(filters, gp_id, None if everything else cut.limit)


ShiftsAsked = Annotated[Asked, Depends(_asked)]


def key_of(parts: list[str | int]) -> tuple[datetime, str]:
    """The place of a shift in the order of start and id, out of a cursor; raises `bad_cursor`."""
    if len(parts) == 2 and isinstance(parts[0], str) and isinstance(parts[1], str):
        try:
            moment = datetime.fromisoformat(parts[0])
        except ValueError:
            raise Problem("bad_cursor") from None
        if moment.tzinfo is not None and 1900 < moment.year < 2200:
            return moment, parts[1]
    raise Problem("bad_cursor")
