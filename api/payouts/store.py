"""Closed runs in the database: every file of a run byte for byte, so that the engine checks them as it does folders."""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from api.db.tables.payouts import PaymentLine, PaymentRun, PaymentRunFile, PaymentStatement
from api.errors import Problem
from api.payouts.mapping import line_rows, statement_rows
from scheduler.errors import LedgerAltered
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout.ledger import ClosedRun, Ledger

_AT_ONCE = 50


class StoredFiles(Mapping[str, bytes]):
    """The files of one closed run by name, fetched when they are asked for and never held."""

    def __init__(self, session: Session, hds_id: str, number: int) -> None:
        self._session = session
        self._of_run = (PaymentRunFile.hds_id == hds_id, PaymentRunFile.number == number)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self._session.scalars(select(PaymentRunFile.name).where(*self._of_run)))

    def __getitem__(self, name: str) -> bytes:
        found = self._session.scalar(select(PaymentRunFile.content).where(*self._of_run, PaymentRunFile.name == name))
        if found is None:
            raise KeyError(name)
        return bytes_of(found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def items(self) -> ItemsView[str, bytes]:
        """Names with contents, a few at a time."""
        return _Streamed(self)

    def stream(self) -> Iterator[tuple[str, bytes]]:
        """Every name with its content, without holding them all."""
        asked = select(PaymentRunFile.name, PaymentRunFile.content).where(*self._of_run).order_by(PaymentRunFile.name)
        for name, content in self._session.execute(asked.execution_options(yield_per=_AT_ONCE)):
            yield name, bytes_of(content)


def bytes_of(content: bytes | str) -> bytes:
    """SQLite gives back text where somebody put text in the place of bytes: changed, but no reason to break."""
    return content.encode() if isinstance(content, str) else content


class _Streamed(ItemsView[str, bytes]):
    """The items of stored files by one query instead of one for each."""

    def __init__(self, files: StoredFiles) -> None:
        super().__init__(files)
        self._files = files

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return self._files.stream()


def read_ledger(session: Session, hds_id: str, *, only: Collection[str] | None = None) -> Ledger:
    """The closed runs of an HDS, verified: every file of theirs, or the content of `only` those.

    Raises Problem `payout_ledger_altered` when anything is not what it was. Use it within the session only.
    """
    from scheduler.payout.ledger import Ledger, require_unbroken, verified_run

    numbers = session.scalars(
        select(PaymentRun.number).where(PaymentRun.hds_id == hds_id).order_by(PaymentRun.number)
    ).all()
    runs: list[ClosedRun] = []
    try:
        require_unbroken(numbers, hds_id)
        for number in numbers:
            files, previous = StoredFiles(session, hds_id, number), runs[-1].digest if runs else ""
            runs.append(verified_run(files, number, previous, hds_id, only=only))
    except LedgerAltered as error:
        raise altered(str(error)) from error
    return Ledger(None, tuple(runs))


def altered(found: str) -> Problem:
    """The refusal to go on with closed runs that are not what they were."""
    return Problem("payout_ledger_altered", text("payouts.altered", found=found))


def last_number(session: Session, hds_id: str) -> int:
    """The number of the last closed run; 0 before the first."""
    return session.scalar(select(func.max(PaymentRun.number)).where(PaymentRun.hds_id == hds_id)) or 0


def add_run(
    session: Session, ledger: Ledger, run: ClosedRun, numbers: Mapping[str, int], facts: Mapping[str, Any]
) -> PaymentRun:
    """Write the next run with all of its files, statements and lines; `facts` are who closed it, when and by which key.

    The primary key refuses a second run of the same number (IntegrityError).
    """
    record = run.record
    row = PaymentRun(
        hds_id=record["hds_id"], number=run.number, record=dict(record), period_start=run.period.start,
        period_end=run.period.end, closed_on=run.closed_on, amount_cents=record["amount_cents"],
        paid_cents=record["paid_cents"], **facts,
    )  # fmt: skip
    session.add(row)
    session.flush()
    key = {"hds_id": row.hds_id, "number": row.number}
    files = [key | {"name": name, "content": content} for name, content in run.files.items()]
    for start in range(0, len(files), _AT_ONCE):
        session.execute(insert(PaymentRunFile), files[start : start + _AT_ONCE])
    session.execute(insert(PaymentStatement), statement_rows(ledger, run, numbers))
    session.execute(insert(PaymentLine), line_rows(run, numbers))
    return row
