"""Edits by hand and the verdict on them, as callers see them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.fields import Identifier, Note, ShiftId
from api.rosters.schemas import FIGURES, VERSION, Change, Figures, Version, example

MOST_EDITS = 2000
REASON: dict[str, Any] = {
    "rule": "rest", "rule_name": "rust tussen diensten", "gp_id": "ha-031",
    "moved": ["avond/2027-01-01/1"], "others": ["dag/2027-01-02/1"],
    "text": "ha-031 heeft 9 uur rust tussen de dienst van vr 1 januari 2027 17-23 en die van za 2 januari 2027 8-16.",
}  # fmt: skip
PARTY: dict[str, Any] = {
    "gp_id": "ha-031", "hours": {"holiday": {"before": 6.0, "after": 12.0}},
    "deviation": {"holiday": {"before": -0.2, "after": 0.8}}, "soft_cost": {"avoid_wish": 4.0},
}  # fmt: skip
EDIT: dict[str, Any] = {"shift_id": "avond/2027-01-01/1", "gp_id": "ha-031", "locked": True}


class Edit(BaseModel):
    """What is to be another for one shift; a field that is left out stays as it is.

    `gp_id` null leaves the shift open. With another GP the trainee beside the earlier one goes, unless
    `trainee_gp_id` names one. A locked shift keeps its GP when the roster is solved again.
    """

    model_config = example(EDIT)

    shift_id: ShiftId
    gp_id: Identifier | None = None
    trainee_gp_id: Identifier | None = None
    locked: bool | None = None


class Edits(BaseModel):
    """Edits that are judged and done as one."""

    model_config = example({"edits": [EDIT, {"shift_id": "avond/2027-01-02/1", "gp_id": None}], "note": "Ruil"})

    edits: list[Edit] = Field(min_length=1, max_length=MOST_EDITS)
    note: Note = ""


class Reason(BaseModel):
    """A hard rule and whose duties break it: `moved` are shifts of the edit, `others` those that were there already."""

    model_config = example(REASON)

    rule: str
    rule_name: str
    gp_id: str | None
    moved: list[str]
    others: list[str]
    text: str


class Party(BaseModel):
    """What the edits mean for one GP: elapsed hours and deviation (in shifts) of each burden that changes.

    `soft_cost` is what each soft part gains (less is better).
    """

    model_config = example(PARTY)

    gp_id: str
    hours: dict[str, Change]
    deviation: dict[str, Change]
    soft_cost: dict[str, float]


class LeftBehind(BaseModel):
    """A trainee who loses a shift because the trainer does; `hours` are elapsed."""

    model_config = example({"trainee_gp_id": "aios-3", "shift_id": "avond/2027-01-01/1", "hours": 6.0})

    trainee_gp_id: str
    shift_id: str
    hours: float


class EditVerdict(BaseModel):
    """The verdict on edits, saved or not.

    `broken` are hard rules that the edits break, `mended` those that they keep again; a draft may hold broken rules
    (`after.violations` counts them all), but for a GP in two places at once: then `can_be_saved` is false.
    `version` is the version with the edits; on a dry run the one without.
    """

    model_config = example(
        {
            "saved": True,
            "can_be_saved": True,
            "version": VERSION,
            "broken": [REASON],
            "mended": [],
            "gps": [PARTY],
            "left_behind": [],
            "before": FIGURES,
            "after": FIGURES | {"violations": 1, "violations_by_rule": {"rest": 1}},
        }
    )

    saved: bool
    can_be_saved: bool
    version: Version
    broken: list[Reason]
    mended: list[Reason]
    gps: list[Party]
    left_behind: list[LeftBehind]
    before: Figures
    after: Figures
