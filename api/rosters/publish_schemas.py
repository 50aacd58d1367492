"""Publications as callers see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.fields import Count, Day, Note
from api.rosters.schemas import VERSION, Version, example

COUNTS: dict[str, Any] = {
    "in_force": 4641, "added": 0, "removed": 0, "changed": 37, "undone_swaps": 0, "unfilled": 0,
    "extra_kept": 0,
}  # fmt: skip
PUBLICATION: dict[str, Any] = {
    "number": 2, "version_id": 12, "version_number": 4, "dossier_id": 3, "freeze_from": "2027-04-01",
    "published_at": "2027-03-12T10:00:00+01:00", "published_by": "planner", "reason": "Twee huisartsen erbij",
    "accepted_violations": 0, "outcome": COUNTS,
}  # fmt: skip
BROKEN: dict[str, Any] = {
    "rule": "rest", "gp_id": "ha-017", "shift_ids": ["avond/2027-04-01/1", "dag/2027-04-02/1"],
    "text": "ha-017 heeft 9 uur rust tussen avond/2027-04-01/1, dag/2027-04-02/1, waar 11 uur nodig is.",
}  # fmt: skip


class PublishOrder(BaseModel):
    """From which local day on the version is to hold, and why."""

    model_config = example(
        {"freeze_from": "2027-04-01", "reason": "Twee huisartsen erbij", "accept_violations": False, "seen": 1}
    )

    freeze_from: Day = Field(description="The version holds for shifts that start on or after this local day.")
    reason: Note = ""
    accept_violations: bool = Field(default=False, description="Publish although hard rules are broken; say why.")
    seen: Count | None = Field(
        default=None,
        description="Number of the last publication that you know of (0: none); another one since then gives 412.",
    )


class PublishCounts(BaseModel):
    """What a publication changes, in shifts that start on or after its day.

    `undone_swaps` are duties that somebody had taken over, and that now go to yet another GP. `extra_kept` are extra
    shifts opened since the version was made: they stay in force as they are.
    """

    model_config = example(COUNTS)

    in_force: int
    added: int
    removed: int
    changed: int
    undone_swaps: int
    unfilled: int
    extra_kept: int = 0


class Broken(BaseModel):
    """A hard rule that is broken, with the sentence for the planner."""

    model_config = example(BROKEN)

    rule: str
    gp_id: str | None
    shift_ids: list[str]
    text: str


class Publication(BaseModel):
    """One act of publishing; `reason`, `published_by` and `accepted_violations` are for planners only (else empty)."""

    model_config = example(PUBLICATION)

    number: int
    version_id: int
    version_number: int
    dossier_id: int
    freeze_from: date
    published_at: datetime
    published_by: str | None
    reason: str
    accepted_violations: int | None
    outcome: PublishCounts


class Published(BaseModel):
    """What publishing changed, or would change (`publication` absent).

    `violations` are the hard rules that the roster in force breaks by it, which needs `accept_violations`;
    `last_publication` is what to send as `seen`.
    """

    model_config = example(
        {
            "publication": PUBLICATION,
            "version": VERSION | {"state": "published", "revision": 3},
            "counts": COUNTS,
            "violations": [],
            "last_publication": 2,
        }
    )

    publication: Publication | None
    version: Version
    counts: PublishCounts
    violations: list[Broken]
    last_publication: int
