"""Erasing details of the audit trail: the link stays and still proves itself, what was said is gone.

An erasure is itself put on record with the links that it emptied, so that details wiped by somebody else stand out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.db.tables.audit import AuditDetail

ACTIONS = frozenset({"privacy.erased", "privacy.retention"})
"""The actions whose record tells in `after.erased_details` which details it erased."""
FIELD = "erased_details"
Ranges = list[tuple[int, int]]
_AT_ONCE = 500


def is_erased(detail: Any) -> bool:
    """Whether nothing is left of the details of a link; written ones always have a salt."""
    return not (detail.salt or detail.before or detail.after or detail.reason)


def erase_details(session: Session, chain: str, seqs: Iterable[int]) -> Ranges:
    """Empty the details of these links; returns the links that were not empty yet, as ranges of numbers.

    The caller puts the ranges on record in the same transaction: `Act("privacy.erased", ..., after={FIELD: ranges})`.
    """
    wanted = sorted(set(seqs))
    found: list[int] = []
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        of_part = (AuditDetail.chain == chain, AuditDetail.seq.in_(part), AuditDetail.salt != "")
        found += session.scalars(select(AuditDetail.seq).where(*of_part).order_by(AuditDetail.seq))
        session.execute(update(AuditDetail).where(*of_part).values(salt="", before=None, after=None, reason=""))
    return _ranges(found)


def erased_by(action: str, after: Mapping[str, Any] | None) -> Ranges:
    """The links whose details an entry says that it erased."""
    if action not in ACTIONS or not after:
        return []
    return [(int(first), int(last)) for first, last in after.get(FIELD, ())]


def _ranges(numbers: Iterable[int]) -> Ranges:
    """Runs of consecutive numbers, each as first and last."""
    runs: Ranges = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
