"""The heads of the chains in the log, outside the database: who rewrites or cuts a chain there can't reach them."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditHead

_log = structlog.get_logger()


class HeadNotes:
    """Logs each head that moved since this process noted it last; `anw audit verify --expect` takes what it logs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, int] = {}

    def note(self) -> None:
        """Log every head that moved."""
        with self._database.reading() as session:
            heads = session.execute(
                select(AuditHead.chain, AuditHead.seq, AuditHead.hash).where(AuditHead.seq > 0)
            ).all()
        for chain, seq, digest in heads:
            if self._noted.get(chain) != seq:
                _log.info("audit_head", chain=chain, seq=seq, hash=digest)
                self._noted[chain] = seq
