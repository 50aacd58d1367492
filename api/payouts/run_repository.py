"""Queries on closed runs, their lines, statements and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from api.db.tables.audit import AuditEntry
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.dossier import GpRow
from api.db.tables.payouts import PaymentLine, PaymentRun, PaymentRunFile, PaymentStatement
from api.db.tables.people import Gp
from api.errors import Problem
from api.paging import Cut
from api.payouts.repository import key_of
from scheduler.messages import text


class Counted(NamedTuple):
    """How much a run holds; `carried_out` in cents."""

    statements: int
    carried_out: int
    lines: int


class Wanted(NamedTuple):
    """Which lines of a run: of one kind, statement or GP, or corrections of earlier runs only."""

    kind: str | None
    statement: str | None
    gp_id: str | None
    corrections: bool

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What holds for such lines."""
        if self.kind is not None:
            yield PaymentLine.kind == self.kind
        if self.statement is not None:
            yield PaymentLine.statement == self.statement
        if self.gp_id is not None:
            yield Gp.gp_id == self.gp_id
        if self.corrections:
            yield PaymentLine.reason != ""


def run_by_key(session: Session, hds_id: str, key: str) -> PaymentRun | None:
    """The run that was closed with this idempotency key."""
    asked = select(PaymentRun).where(PaymentRun.hds_id == hds_id, PaymentRun.idempotency_key == key)
    return session.scalars(asked).first()


def run(session: Session, hds_id: str, number: int) -> PaymentRun:
    """A closed run; raises Problem `not_found`."""
    found = session.get(PaymentRun, (hds_id, number))
    if found is None:
        raise Problem("not_found", text("payout.transfer.unknown", run=f"run-{number:04}"))
    return found


def runs(session: Session, hds_id: str, cut: Cut) -> Sequence[PaymentRun]:
    """Closed runs, the last first; one more than asked."""
    asked = select(PaymentRun).where(PaymentRun.hds_id == hds_id)
    if cut.after is not None:
        asked = asked.where(PaymentRun.number < key_of(cut, int)[0])
    return session.scalars(asked.order_by(PaymentRun.number.desc()).limit(cut.limit + 1)).all()


def counted(session: Session, hds_id: str, numbers: Sequence[int]) -> Mapping[int, Counted]:
    """How much each of these runs holds."""
    of_statements = session.execute(
        select(PaymentStatement.number, func.count(), func.sum(PaymentStatement.carried_out_cents))
        .where(PaymentStatement.hds_id == hds_id, PaymentStatement.number.in_(numbers))
        .group_by(PaymentStatement.number)
    ).all()
    of_lines = dict(
        session.execute(
            select(PaymentLine.number, func.count())
            .where(PaymentLine.hds_id == hds_id, PaymentLine.number.in_(numbers))
            .group_by(PaymentLine.number)
        ).all()
    )
    return {number: Counted(count, int(carried), of_lines.get(number, 0)) for number, count, carried in of_statements}


def statements(session: Session, hds_id: str, number: int, cut: Cut) -> Sequence[PaymentStatement]:
    """The statements of a run by name; one more than asked."""
    asked = select(PaymentStatement).where(PaymentStatement.hds_id == hds_id, PaymentStatement.number == number)
    if cut.after is not None:
        asked = asked.where(PaymentStatement.name > key_of(cut, str)[0])
    return session.scalars(asked.order_by(PaymentStatement.name).limit(cut.limit + 1)).all()


def lines(session: Session, hds_id: str, number: int, cut: Cut, wanted: Wanted) -> Sequence[Row[PaymentLine, str]]:
    """The lines of a run in its order with the id of each GP; one more than asked."""
    asked = _lines(hds_id).where(PaymentLine.number == number, *wanted.conditions())
    if cut.after is not None:
        asked = asked.where(PaymentLine.position > key_of(cut, int)[0])
    return session.execute(asked.order_by(PaymentLine.position).limit(cut.limit + 1)).all()


def own_lines(session: Session, hds_id: str, gp_number: int, cut: Cut) -> Sequence[Row[PaymentLine, str]]:
    """The lines of one GP over all closed runs, the latest first; one more than asked."""
    place = tuple_(PaymentLine.number, PaymentLine.position)
    asked = _lines(hds_id).where(PaymentLine.gp_number == gp_number)
    if cut.after is not None:
        asked = asked.where(place < tuple_(*key_of(cut, int, int)))
    latest = (PaymentLine.number.desc(), PaymentLine.position.desc())
    return session.execute(asked.order_by(*latest).limit(cut.limit + 1)).all()


def _lines(hds_id: str) -> Select[PaymentLine, str]:
    return (
        select(PaymentLine, Gp.gp_id).join(Gp, Gp.number == PaymentLine.gp_number).where(PaymentLine.hds_id == hds_id)
    )


def own_statements(
    session: Session, hds_id: str, gp_number: int, cut: Cut
) -> Sequence[Row[PaymentStatement, PaymentRun]]:
    """The statements that tell of one GP alone, the latest first; one more than asked."""
    place = tuple_(PaymentStatement.number, PaymentStatement.name)
    asked = _own_statements(hds_id, gp_number)
    if cut.after is not None:
        asked = asked.where(place < tuple_(*key_of(cut, int, str)))
    latest = (PaymentStatement.number.desc(), PaymentStatement.name.desc())
    return session.execute(asked.order_by(*latest).limit(cut.limit + 1)).all()


def own_statement(session: Session, hds_id: str, gp_number: int, number: int, name: str) -> PaymentRun:
    """The run of a statement that tells of this GP alone; raises Problem `not_found`, also when it tells of others."""
    asked = _own_statements(hds_id, gp_number).where(PaymentStatement.number == number, PaymentStatement.name == name)
    found = session.execute(asked).first()
    if found is None:
        raise Problem("not_found", text("payouts.no_statement"))
    return found[1]


def _own_statements(hds_id: str, gp_number: int) -> Select[PaymentStatement, PaymentRun]:
    same_run = (PaymentRun.hds_id == PaymentStatement.hds_id) & (PaymentRun.number == PaymentStatement.number)
    return (
        select(PaymentStatement, PaymentRun)
        .join(PaymentRun, same_run)
        .where(PaymentStatement.hds_id == hds_id, PaymentStatement.only_gp_number == gp_number)
    )


def gp_names(session: Session, hds_id: str) -> Mapping[int, str]:
    """The name of each GP by number, as the latest dossier has it."""
    asked = (
        select(GpRow.gp_number, GpRow.name)
        .join(DossierRow, DossierRow.id == GpRow.dossier_id)
        .where(DossierRow.hds_id == hds_id)
        .order_by(DossierRow.period_start, DossierRow.id)
    )
    return dict(session.execute(asked).all())


def file_sizes(session: Session, hds_id: str, number: int) -> Mapping[str, int]:
    """The bytes of each file of a run."""
    asked = select(PaymentRunFile.name, func.length(PaymentRunFile.content))
    of_run = asked.where(PaymentRunFile.hds_id == hds_id, PaymentRunFile.number == number)
    return dict(session.execute(of_run.order_by(PaymentRunFile.name)).all())


def acts_on_record(session: Session, hds_id: str, *actions: str) -> int:
    """How many acts of these kinds the audit trail tells of."""
    asked = select(func.count()).where(AuditEntry.chain == hds_id, AuditEntry.action.in_(actions))
    return session.scalar(asked) or 0


def table_of(
    session: Session, table: type[PaymentStatement] | type[PaymentLine], hds_id: str, number: int, key: str
) -> dict[Any, dict[str, Any]]:
    """Every row of a run in a table by one of its columns, as plain values."""
    asked = select(table.__table__).where(table.hds_id == hds_id, table.number == number)
    return {row[key]: dict(row) for row in session.execute(asked).mappings()}
