"""What calls about the audit trail answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.audit.verify import Kind

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ENTRY: dict[str, Any] = {
    "seq": 128,
    "at": "2027-03-01T09:12:44.120000+01:00",
    "actor_id": 7,
    "actor": "planner",
    "action": "roster.published",
    "subject": "version/12",
    "before": {"state": "draft"},
    "after": {"state": "published", "freeze_from": "2027-04-01"},
    "reason": "Rooster 2027 vastgesteld",
    "gp_id": None,
    "erased": False,
    "hash": _HASH,
}
_HEAD: dict[str, Any] = {"chain": "demo", "seq": 128, "hash": _HASH, "noted": f"demo:128:{_HASH}"}


class Entry(BaseModel):
    """One link: who did what to which subject, when, what was before and after, and why; `erased` details are gone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    seq: int
    at: datetime
    actor_id: int | None
    actor: str | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    gp_id: str | None
    erased: bool
    hash: str


class Head(BaseModel):
    """The last link; write `noted` down outside this installation and hand it to `anw audit verify --expect`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HEAD]})

    chain: str
    seq: int
    hash: str
    noted: str


class TroubleShown(BaseModel):
    """One thing that is not as it was written."""

    seq: int
    kind: Kind
    text: str


class Verdict(BaseModel):
    """Whether the chain is what it was when it was written; at most the first hundred troubles are shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"sound": True, "entries": 128, "erased": 3, "trouble_count": 0, "troubles": [], "head": _HEAD}
            ]
        }
    )

    sound: bool
    entries: int
    erased: int
    trouble_count: int
    troubles: list[TroubleShown]
    head: Head | None
