"""What the routes of whole dossiers say and take."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.fields import Key


class Notice(BaseModel):
    """Something the planner should know though nothing was refused; `code` is stable, `text` Dutch."""

    code: str = Field(examples=["semicolons"])
    file: str = Field(examples=["gps.csv"])
    line: int | None = Field(examples=[None])
    text: str = Field(examples=["Gelezen met puntkomma's tussen de velden, zoals Excel ze bewaart."])


class DossierShown(BaseModel):
    """One dossier in a list."""

    dossier_id: Key = Field(examples=[1])
    hds_name: str = Field(examples=["Huisartsenspoedzorg Merenland (fictief)"])
    period_start: date = Field(examples=["2027-01-01"])
    period_end: date = Field(examples=["2027-12-31"], description="The last day, included.")
    revision: int = Field(examples=[3], description="Goes up with every change of any part; the ETag of the dossier.")
    changed_at: AwareDatetime = Field(examples=["2026-11-02T14:05:00+01:00"])


_WHOLE: dict[str, Any] = {
    "dossier_id": 1,
    "hds_name": "Huisartsenspoedzorg Merenland (fictief)",
    "period_start": "2027-01-01",
    "period_end": "2027-12-31",
    "revision": 3,
    "changed_at": "2026-11-02T14:05:00+01:00",
    "counts": {"posts": 3, "gps": 361, "wishes": 1310},
}
_NOTICED: dict[str, Any] = {
    "code": "semicolons",
    "file": "gps.csv",
    "text": "Gelezen met puntkomma's tussen de velden, zoals Excel ze bewaart.",
}


class DossierWhole(DossierShown):
    """One dossier with the number of rows of each part."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WHOLE]})

    counts: dict[str, int]


class DossierTaken(DossierWhole):
    """A dossier that was taken in, with what was noticed in its files."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_WHOLE, "notices": [_NOTICED]}]})

    notices: list[Notice]
