"""Checking a chain of the audit trail: any link that was changed, added, taken away or moved is found.

What nobody can see from the chain alone is a rewrite of everything up to its end, head included, by somebody who owns
the database. Note the head elsewhere now and then (`Anchor`): a chain that no longer holds it was rewritten or cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import and_, select, union
from sqlalchemy.orm import Session

from api.audit.erasure import Ranges, erased_by, is_erased
from api.audit.trail import GENESIS, detail_hash, link_hash
from api.db.engine import Database
from api.db.tables.audit import AuditDetail, AuditEntry, AuditHead
from scheduler.errors import AnwError
from scheduler.messages import text

_ROWS_AT_ONCE = 500


class Kind(StrEnum):
    """What may be wrong with a chain."""

    MISSING = "missing"
    CHANGED = "changed"
    UNLINKED = "unlinked"
    DETAIL_CHANGED = "detail_changed"
    DETAIL_MISSING = "detail_missing"
    ERASED_UNRECORDED = "erased_unrecorded"
    TAIL_MISSING = "tail_missing"
    HEAD_DIFFERS = "head_differs"
    HEAD_MISSING = "head_missing"
    ANCHOR_DIFFERS = "anchor_differs"


class WrongAnchor(AnwError):
    """A noted link is not written as `CHAIN:SEQ:HASH`."""

    code = "audit_wrong_anchor"


@dataclass(frozen=True)
class Trouble:
    """One thing that is not as it was written, at link `seq` of a chain; prints itself in Dutch."""

    chain: str
    seq: int
    kind: Kind

    def __str__(self) -> str:
        return text(f"audit.trouble.{self.kind}", chain=self.chain, seq=self.seq)


@dataclass(frozen=True)
class Anchor:
    """A link that was noted outside the database: the chain must still hold exactly it."""

    chain: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, noted: str) -> Self:
        """From `CHAIN:SEQ:HASH`; raises WrongAnchor for anything else."""
        found = re.fullmatch(r"(.{1,64}):([1-9][0-9]{0,17}):([0-9a-f]{64})", noted)
        if found is None:
            raise WrongAnchor(text("audit.wrong_anchor", found=noted))
        return cls(found[1], int(found[2]), found[3])


@dataclass(frozen=True)
class Findings:
    """What a check found: every trouble in order, and how much was read; `erased` details are no trouble.

    `last` is the last link of the last chain: an anchor to note elsewhere, None for an empty chain.
    """

    troubles: tuple[Trouble, ...]
    chains: int
    entries: int
    erased: int
    last: Anchor | None = None


@dataclass
class _Walk:
    """Where a walk along a chain is, and what it found so far."""

    chain: str
    anchors: dict[int, str]
    seq: int = 0
    entries: int = 0
    hash: str = GENESIS
    troubles: list[Trouble] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    recorded: Ranges = field(default_factory=list)

    def found(self, kind: Kind, seq: int) -> None:
        """Note a trouble."""
        self.troubles.append(Trouble(self.chain, seq, kind))


def verify_chain(session: Session, chain: str, anchors: Iterable[Anchor] = ()) -> Findings:
    """Read one chain as a stream and tell everything that is not as it was written.

    The session must see one state of the database (`Database.reading`).
    """
    walk = _Walk(chain, {anchor.seq: anchor.hash for anchor in anchors if anchor.chain == chain})
    for row in _links(session, chain):
        _judge_link(row, walk)
        _judge_detail(row, walk)
        walk.seq, walk.hash, walk.entries = row.seq, row.hash, walk.entries + 1
    _judge_erasures(walk)
    _judge_end(walk, session.get(AuditHead, chain))
    last = Anchor(chain, walk.seq, walk.hash) if walk.seq else None
    return Findings(tuple(walk.troubles), 1, walk.entries, len(walk.erased), last)


def verify_all(database: Database, expect: Iterable[str] = ()) -> Findings:
    """Check every chain; `expect` holds noted links (`CHAIN:SEQ:HASH`). Raises WrongAnchor."""
    anchors = [Anchor.parse(noted) for noted in expect]
    with database.reading() as session:
        known = set(session.scalars(union(select(AuditHead.chain), select(AuditEntry.chain))))
        chains = sorted(known | {anchor.chain for anchor in anchors})
        found = [verify_chain(session, chain, anchors) for chain in chains]
    return Findings(
        tuple(trouble for one in found for trouble in one.troubles),
        len(found),
        sum(one.entries for one in found),
        sum(one.erased for one in found),
    )


def _links(session: Session, chain: str) -> Iterator[Any]:
    detail = AuditDetail
    return iter(
        session.execute(
            select(AuditEntry.__table__, detail.salt, detail.before, detail.after, detail.reason, detail.gp_number)
            .outerjoin(detail, and_(detail.chain == AuditEntry.chain, detail.seq == AuditEntry.seq))
            .where(AuditEntry.chain == chain)
            .order_by(AuditEntry.seq)
            .execution_options(yield_per=_ROWS_AT_ONCE)
        )
    )


def _judge_link(row: Any, walk: _Walk) -> None:
    if row.seq != walk.seq + 1:
        walk.found(Kind.MISSING, row.seq)
    elif row.previous_hash != walk.hash:
        walk.found(Kind.UNLINKED, row.seq)
    said = link_hash(
        walk.chain, row.seq, row.at, row.actor_id, row.action, row.subject, row.detail_hash, row.previous_hash
    )
    if said != row.hash:
        walk.found(Kind.CHANGED, row.seq)
    if walk.anchors.pop(row.seq, row.hash) != row.hash:
        walk.found(Kind.ANCHOR_DIFFERS, row.seq)


def _judge_detail(row: Any, walk: _Walk) -> None:
    if row.salt is None:
        walk.found(Kind.DETAIL_MISSING, row.seq)
    elif is_erased(row):
        walk.erased.append(row.seq)
    elif detail_hash(row.salt, row.before, row.after, row.reason, row.gp_number) != row.detail_hash:
        walk.found(Kind.DETAIL_CHANGED, row.seq)
    else:
        walk.recorded += [(first, min(last, row.seq - 1)) for first, last in erased_by(row.action, row.after)]


def _judge_erasures(walk: _Walk) -> None:
    """Details may be gone only when a later link says so."""
    for seq in walk.erased:
        if not any(first <= seq <= last for first, last in walk.recorded):
            walk.found(Kind.ERASED_UNRECORDED, seq)


def _judge_end(walk: _Walk, head: AuditHead | None) -> None:
    if head is None:
        if walk.entries:
            walk.found(Kind.HEAD_MISSING, walk.seq)
    elif head.seq > walk.seq:
        walk.found(Kind.TAIL_MISSING, head.seq)
    elif (head.seq, head.hash) != (walk.seq, walk.hash):
        walk.found(Kind.HEAD_DIFFERS, walk.seq)
    for seq in walk.anchors:
        walk.found(Kind.ANCHOR_DIFFERS, seq)
