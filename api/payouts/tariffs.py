"""Tariffs that an HDS enters: a table without overlap or gap, at every moment; what is withdrawn stays as history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.payouts import TariffRow
from api.errors import Problem
from api.payouts import repository
from api.payouts.mapping import table_of, tariff_of
from api.payouts.schemas import TariffEntry
from scheduler.domain.settings import PayoutSettings
from scheduler.domain.time import Period
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text


def change(session: Session, who: Member, entry: TariffEntry) -> Sequence[TariffRow]:
    """Withdraw some rows and enter others in one act; returns the rows that hold after it.

    Raises Problem `not_found` for a row that does not hold, DossierError with every overlap and gap of the table and
    every agreed rate of a dossier in force that would lie above all maxima.
    """
    repository.lock_hds(session, who.hds_id)
    holding = {row.id: row for row in repository.tariffs(session, who.hds_id)}
    if unknown := sorted(set(entry.withdraw) - holding.keys()):
        raise Problem("not_found", text("payouts.unknown_tariff", ids=", ".join(map(str, unknown))))
    before = [_told(holding[row_id]) for row_id in sorted(set(entry.withdraw))]
    for row_id in set(entry.withdraw):
        holding[row_id].withdrawn_at, holding[row_id].withdrawn_by = now(), who.user_id
    entered = [
        TariffRow(hds_id=who.hds_id, entered_at=now(), entered_by=who.user_id, **row.model_dump()) for row in entry.rows
    ]
    session.add_all(entered)
    session.flush()
    if mistakes := list(_mistakes(session, who.hds_id)):
        raise DossierError(mistakes)
    after = {"rows": [_told(row) for row in entered]}
    record(session, who.hds_id, who.user_id, Act("tariffs.changed", "tariffs", {"rows": before}, after, entry.reason))
    return repository.tariffs(session, who.hds_id)


def withdraw(session: Session, who: Member, tariff_id: int) -> None:
    """Withdraw one row; raises as `change` does."""
    change(session, who, TariffEntry(rows=[], withdraw=[tariff_id]))


def _mistakes(session: Session, hds_id: str) -> Iterator[Mistake]:
    """What is wrong with the rows that hold; a row is named by its id."""
    from scheduler.payout.rates import rate_mistakes
    from scheduler.payout.tariffs import unconnected

    rows = repository.tariffs(session, hds_id)
    yield from unconnected("tariffs", ((row.id, tariff_of(row)) for row in rows))
    table = table_of(rows)
    for dossier in repository.dossiers_in_force(session, hds_id):
        period = Period(start=dossier.period_start, end=dossier.period_end)
        yield from rate_mistakes(PayoutSettings.model_validate(dossier.payout), table, period)


def _told(row: TariffRow) -> dict[str, Any]:
    """What the audit trail says of a row."""
    return {
        "id": row.id, "kind": row.kind, "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until and row.valid_until.isoformat(), "cents_per_hour": row.cents_per_hour,
        "source": row.source, "certainty": row.certainty,
    }  # fmt: skip
