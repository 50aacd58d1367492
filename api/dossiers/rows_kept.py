"""Queries on the rows of the parts of a dossier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from api.db.tables import dossier as t
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Gp
from api.dossiers.cells import fingerprint, named
from api.dossiers.mapping import Reading
from api.dossiers.parts import Part
from api.paging import Cut
from scheduler.domain.time import local
from scheduler.dossier.writing import cells_of


@dataclass(frozen=True)
class Kept:
    """A row of a part as it stands: its number, whose it is, and its cells."""

    row_id: int
    gp_number: int | None
    cells: Mapping[str, str]

    @property
    def etag(self) -> str:
        """The same for the same content."""
        return fingerprint(self.cells)


@dataclass(frozen=True)
class Wanted:
    """Which rows of a part are asked for; days are local, both included."""

    gp_id: str | None = None
    gp_number: int | None = None
    first: date | None = None
    last: date | None = None


def rows_of_part(session: Session, dossier_id: int, part: Part, *conditions: ColumnElement[bool]) -> list[Kept]:
    """The rows of a part that meet the conditions, in order."""
    table = part.mapped.table
    query = select(table).where(table.dossier_id == dossier_id, *conditions).order_by(table.id)
    return _kept(session, part, query)


def page(session: Session, dossier_id: int, part: Part, wanted: Wanted, cut: Cut) -> list[Kept]:
    """The wanted rows in order, one more than fits on the page."""
    table = part.mapped.table
    query = select(table).where(table.dossier_id == dossier_id, *_conditions(part, wanted))
    if cut.after is not None:
        query = query.where(table.id > cut.after_number())
    return _kept(session, part, query.order_by(table.id).limit(cut.limit + 1))


def one(session: Session, dossier_id: int, part: Part, row_id: int) -> Kept | None:
    """One row of a part."""
    found = rows_of_part(session, dossier_id, part, part.mapped.table.id == row_id)
    return found[0] if found else None


def of_gps(session: Session, dossier_id: int, part: Part, gp_numbers: Collection[int]) -> list[Kept]:
    """The rows of a part that are about these GPs."""
    return rows_of_part(session, dossier_id, part, _gp_column(part).in_(gp_numbers))


def _gp_column(part: Part) -> Any:
    return part.mapped.table.gp_number  # type: ignore[attr-defined]


def _conditions(part: Part, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.gp_number is not None:
        conditions.append(_gp_column(part) == wanted.gp_number)
    if wanted.gp_id is not None:
        conditions.append(_gp_column(part).in_(select(Gp.number).where(Gp.gp_id == wanted.gp_id)))
    if part.dates:
        starts, ends = (getattr(part.mapped.table, name) for name in (part.dates[0], part.dates[-1]))
        in_days = isinstance(starts.type, Date)
        if wanted.first is not None:
            conditions.append(ends >= wanted.first if in_days else ends > _midnight(wanted.first))
        if wanted.last is not None:
            conditions.append(starts <= wanted.last if in_days else starts < _midnight(wanted.last + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return local(day, time(0))


def _kept(session: Session, part: Part, query: Select[t.Part]) -> list[Kept]:
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    read = _reading_for(session, rows)
    return [
        Kept(
            row.id,
            getattr(row, "gp_number", None),
            named(part.spec, cells_of(part.mapped.item(row, read), part.spec)),
        )
        for row in rows
    ]


def _reading_for(session: Session, rows: Sequence[t.Part]) -> Reading:
    """What these rows need besides themselves."""
    if len(rows) == 0:
        return Reading({}, {})
    numbers = {
        number for row in rows for name in ("gp_number", "trainer_number") if (number := getattr(row, name, None))
    }
    ids = {row.number: row.gp_id for row in session.execute(_ids_of(numbers))} if numbers else {}
    posts_of: dict[int, set[str]] = {}
    if isinstance(rows[0], t.AgreementRow):
        of_rows = t.AgreementPost.agreement_id.in_([row.id for row in rows])
        for link in session.execute(select(t.AgreementPost.agreement_id, t.AgreementPost.post_id).where(of_rows)):
            posts_of.setdefault(link.agreement_id, set()).add(link.post_id)
    return Reading(ids, posts_of)


def _ids_of(numbers: Collection[int]) -> Select[int, str]:
    return select(Gp.number, Gp.gp_id).where(Gp.number.in_(numbers))


def numbers_in_dossier(session: Session, dossier_id: int, gp_ids: Collection[str]) -> dict[str, int]:
    """The numbers of those of `gp_ids` who are in the dossier."""
    query = (
        select(Gp.gp_id, Gp.number)
        .join(t.GpRow, t.GpRow.gp_number == Gp.number)
        .where(t.GpRow.dossier_id == dossier_id, Gp.gp_id.in_(gp_ids))
    )
    return {row.gp_id: row.number for row in session.execute(query)}


def have_locks(session: Session, dossier_id: int, gp_numbers: Collection[int]) -> bool:
    """Whether a shift is locked for any of these GPs."""
    query = select(t.LockRow.id).where(t.LockRow.dossier_id == dossier_id, t.LockRow.gp_number.in_(gp_numbers))
    return session.execute(query.limit(1)).first() is not None


def add(session: Session, part: Part, values: Mapping[str, Any]) -> int:
    """A new row; with an `id` among the values the one that was there before."""
    table = part.mapped.table
    row_id: int = session.execute(insert(table).values(**values).returning(table.id)).scalar_one()
    return row_id


def change(session: Session, part: Part, row_id: int, values: Mapping[str, Any]) -> None:
    """Other values in a row."""
    table = part.mapped.table
    session.execute(
        update(table).where(table.id == row_id).values(**values).execution_options(synchronize_session=False)
    )


def remove(session: Session, part: Part, row_ids: Collection[int]) -> None:
    """Take rows out."""
    table = part.mapped.table
    session.execute(delete(table).where(table.id.in_(row_ids)).execution_options(synchronize_session=False))


def set_posts(session: Session, dossier_id: int, agreement_id: int, posts: Collection[str]) -> None:
    """The posts of an agreement that has none yet."""
    session.execute(
        insert(t.AgreementPost),
        [{"agreement_id": agreement_id, "post_id": post, "dossier_id": dossier_id} for post in sorted(posts)],
    )


def last_change(session: Session, hds_id: str, subject: str) -> tuple[int | None, datetime] | None:
    """Who changed something last, and when; None when nobody did since it was imported."""
    query = (
        select(AuditEntry.actor_id, AuditEntry.at)
        .where(AuditEntry.chain == hds_id, AuditEntry.subject == subject)
        .order_by(AuditEntry.seq.desc())
    )
    row = session.execute(query.limit(1)).first()
    return None if row is None else (row.actor_id, row.at)


def numbers_of(session: Session, hds_id: str, gp_ids: Collection[str]) -> dict[str, int]:
    """The numbers of these GPs of the HDS."""
    query = select(Gp.gp_id, Gp.number).where(Gp.hds_id == hds_id, Gp.gp_id.in_(gp_ids))
    return {row.gp_id: row.number for row in session.execute(query)}
