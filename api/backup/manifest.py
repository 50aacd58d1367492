"""What a backup says of itself: its files and their hashes, and where the audit trail and the ledgers stood."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.verify import Anchor, verify_all
from api.db.engine import Database
from api.db.tables.audit import AuditHead
from api.db.tables.payouts import PaymentRun
from scheduler.errors import DamageError
from scheduler.messages import text

MANIFEST, DUMP = "backup.json", "database.dump"
_PIECE = 1024 * 1024


class Manifest(BaseModel):
    """`backup.json`; `files` are hashes by name, `heads` the last link of each chain as `CHAIN:SEQ:HASH`.

    `ledgers` are number and hash of the last closed payment run of each HDS, `revision` that of the tables.
    """

    format: Literal[1] = 1
    version: str
    made_at: str
    database: Literal["sqlite", "postgresql"]
    revision: str | None
    heads: list[str]
    ledgers: dict[str, tuple[int, str]]
    files: dict[Literal["anw.sqlite", "anw.jobs.sqlite", "database.dump", "secret"], str]

    def to_bytes(self) -> bytes:
        """The content of the file."""
        return json.dumps(self.model_dump(), indent=2, ensure_ascii=False).encode() + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """What the backup in `folder` says of itself; raises DamageError when there is none or it can't be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise DamageError(text("backup.no_backup", folder=folder)) from error


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Raise DamageError naming every file of the backup that is missing or not what was put away."""
    wrong = sorted(name for name, digest in manifest.files.items() if _hash_or_none(folder / name) != digest)
    if wrong:
        raise DamageError(text("backup.altered", folder=folder, names=", ".join(wrong)))


def _hash_or_none(path: Path) -> str | None:
    try:
        return hash_file(path)
    except OSError:
        return None


def hash_file(path: Path) -> str:
    """The SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def heads_in(session: Session) -> list[str]:
    """The last link of each chain of the audit trail."""
    columns = AuditHead.chain, AuditHead.seq, AuditHead.hash
    heads = session.execute(select(*columns).where(AuditHead.seq > 0).order_by(AuditHead.chain))
    return [str(Anchor(*head)) for head in heads]


def ledgers_in(session: Session) -> Mapping[str, tuple[int, str]]:
    """Number and hash of the last closed payment run of each HDS."""
    rows = session.execute(
        select(PaymentRun.hds_id, PaymentRun.number, PaymentRun.record).order_by(PaymentRun.hds_id, PaymentRun.number)
    )
    return {hds_id: (number, str(record["hash"])) for hds_id, number, record in rows}


def require_same(database: Database, manifest: Manifest) -> None:
    """Raise DamageError telling what the database holds otherwise than the backup says.

    Every chain of the audit trail must verify and hold the heads, every HDS its last closed payment run.
    """
    troubles = list(map(str, verify_all(database, manifest.heads).troubles))
    with database.reading() as session:
        troubles += _unlike(ledgers_in(session), manifest.ledgers)
    if troubles:
        raise DamageError("\n".join((text("backup.unlike"), *troubles)))


def _unlike(found: Mapping[str, tuple[int, str]], expected: Mapping[str, Iterable[object]]) -> Iterator[str]:
    for hds_id in sorted({*found, *expected}):
        if found.get(hds_id) != expected.get(hds_id):
            yield text("backup.ledger_differs", hds_id=hds_id)
