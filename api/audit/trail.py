"""Writing the audit trail: one link a change, in the same transaction as the change."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from api.clock import now
from api.db.inserting import insert_into
from api.db.tables.audit import AuditDetail, AuditEntry, AuditHead

GENESIS = "0" * 64
_EXACT = 2**53
INSTALLATION = "*"
"""The chain of what belongs to no single HDS: accounts and logins."""


@dataclass(frozen=True)
class Act:
    """What is put on record; `before` and `after` are JSON values, `gp_number` whose data they hold."""

    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    gp_number: int | None = None


def record(session: Session, chain: str, actor_id: int | None, act: Act, *more: Act) -> None:
    """Add a link for each act to the chain of an HDS (its id) or of the installation.

    Call it last in a transaction, once: from here to the commit other writers of the chain wait.
    """
    head, at = _locked_head(session, chain), now()
    entries, details = [], []
    for seq, one in enumerate((act, *more), start=head.seq + 1):
        salt, before, after = secrets.token_hex(16), _plain(one.before), _plain(one.after)
        detail = detail_hash(salt, before, after, one.reason, one.gp_number)
        link = link_hash(chain, seq, at, actor_id, one.action, one.subject, detail, head.hash)
        entries.append(
            {
                "chain": chain, "seq": seq, "at": at, "actor_id": actor_id, "action": one.action,
                "subject": one.subject, "detail_hash": detail, "previous_hash": head.hash, "hash": link,
            }
        )  # fmt: skip
        details.append(
            {
                "chain": chain, "seq": seq, "salt": salt, "before": before, "after": after, "reason": one.reason,
                "gp_number": one.gp_number,
            }
        )  # fmt: skip
        head.seq, head.hash = seq, link
    session.execute(insert(AuditEntry), entries)
    session.execute(insert(AuditDetail), details)
    session.flush()


def _locked_head(session: Session, chain: str) -> AuditHead:
    session.flush()
    head = session.scalars(_head_of(chain)).one_or_none()
    if head is None:
        first = insert_into(session, AuditHead).values(chain=chain, seq=0, hash=GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.scalars(_head_of(chain)).one()
    return head


def _head_of(chain: str) -> Select[AuditHead]:
    found = select(AuditHead).where(AuditHead.chain == chain)
    return found.with_for_update().execution_options(populate_existing=True)


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """JSON values: dates as ISO text, decimals as text."""
    return None if value is None else to_jsonable_python(dict(value))


def detail_hash(
    salt: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, reason: str, gp_number: int | None
) -> str:
    """The digest of details; without the salt it tells nothing of them."""
    return _digest([salt, before, after, reason, gp_number])


def link_hash(
    chain: str, seq: int, at: datetime, actor_id: int | None, action: str, subject: str, detail: str, previous: str
) -> str:
    """The hash of a link over all that it says and the link before it."""
    return _digest([chain, seq, at.isoformat(timespec="microseconds"), actor_id, action, subject, detail, previous])


def _digest(value: Any) -> str:
    text = json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Numbers in one form: PostgreSQL gives back 1e22 as a whole number, and 1.0 may come as 1."""
    if isinstance(value, Mapping):
        return {str(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return int(value) if abs(value) < _EXACT and value == int(value) else float(value)
