"""Writing the audit trail: one link a change, in the same transaction as the change."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from pydantic_core import to_jsonable_python
from sqlalchemy import Table, bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from api.clock import now
from api.db.inserting import insert_into
from api.db.tables.audit import AuditDetail, AuditEntry, AuditHead

GENESIS = "0" * 64
_EXACT = 2**53
INSTALLATION = "*"
"""The chain of what belongs to no single HDS: accounts and logins."""
_RECORDED = "anw_recorded"
_HEAD = cast(Table, AuditHead.__table__)
_LOCKED_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.chain == bindparam("of")).with_for_update()
_MOVE_HEAD = update(_HEAD).where(_HEAD.c.chain == bindparam("of"))
_ENTRIES, _DETAILS = insert(cast(Table, AuditEntry.__table__)), insert(cast(Table, AuditDetail.__table__))


@dataclass(frozen=True)
class Act:
    """What is put on record; `before` and `after` are JSON values, `gp_number` whose data they hold."""

    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    gp_number: int | None = None


_Recorded = tuple[str, int | None, Act]


def record(session: Session, chain: str, actor_id: int | None, act: Act, *more: Act) -> None:
    """Add a link for each act to the chain of an HDS (its id) or of the installation, with the commit.

    The links are written last of all, as other writers of the chain wait from there to the end of the commit.
    """
    session.info.setdefault(_RECORDED, []).extend((chain, actor_id, one) for one in (act, *more))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop(_RECORDED, None)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    recorded: list[_Recorded] = session.info.pop(_RECORDED, [])
    if not recorded:
        return
    session.flush()
    # in one order everywhere, as two who write to the same chains would wait for each other
    for chain, acts in groupby(sorted(recorded, key=itemgetter(0)), key=itemgetter(0)):
        _append(session, chain, [(actor_id, act) for _, actor_id, act in acts])


def _append(session: Session, chain: str, acts: Sequence[tuple[int | None, Act]]) -> None:
    salted = [(actor_id, act, _detail(act)) for actor_id, act in acts]
    seq, previous = _locked_head(session, chain)
    at, entries = now(), []
    for actor_id, act, detail in salted:
        seq += 1
        digest = detail_hash(detail["salt"], detail["before"], detail["after"], act.reason, act.gp_number)
        link = link_hash(chain, seq, at, actor_id, act.action, act.subject, digest, previous)
        entries.append(
            {
                "chain": chain, "seq": seq, "at": at, "actor_id": actor_id, "action": act.action,
                "subject": act.subject, "detail_hash": digest, "previous_hash": previous, "hash": link,
            }
        )  # fmt: skip
        detail |= {"chain": chain, "seq": seq}
        previous = link
    connection = session.connection()
    connection.execute(_ENTRIES, entries)
    connection.execute(_DETAILS, [detail for _, _, detail in salted])
    connection.execute(_MOVE_HEAD, {"of": chain, "seq": seq, "hash": previous})


def _detail(act: Act) -> dict[str, Any]:
    return {
        "salt": secrets.token_hex(16), "before": _plain(act.before), "after": _plain(act.after), "reason": act.reason,
        "gp_number": act.gp_number,
    }  # fmt: skip


def _locked_head(session: Session, chain: str) -> tuple[int, str]:
    connection = session.connection()
    head = connection.execute(_LOCKED_HEAD, {"of": chain}).one_or_none()
    if head is None:
        first = insert_into(session, AuditHead).values(chain=chain, seq=0, hash=GENESIS)
        connection.execute(first.on_conflict_do_nothing())
        head = connection.execute(_LOCKED_HEAD, {"of": chain}).one()
    return head.seq, head.hash


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
