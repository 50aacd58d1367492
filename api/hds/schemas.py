"""An HDS, as it is sent and shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from api.auth.principal import Role
from api.fields import AtMost, Moment, Name, ShortText


class HdsMine(BaseModel):
    """An HDS where the caller is something."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "demo", "name": "HDS Demo", "roles": ["planner"], "gp_id": None}]}
    )

    id: str
    name: str
    roles: list[Role]
    gp_id: str | None


_HDS: JsonDict = {
    "id": "demo",
    "name": "HDS Demo",
    "settings": {"swaps": {"approval": True, "last_hours": 24}},
    "created_at": "2027-01-04T08:00:00+01:00",
}


class HdsShown(BaseModel):
    """An HDS with everything it chose, by subject; what it did not choose has its default."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HDS]})

    id: str
    name: str
    settings: dict[str, dict[str, JsonValue]]
    created_at: Moment


class HdsChange(BaseModel):
    """What to change; subjects and members of a subject that are left out stay."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "HDS Demo-Noord", "settings": {"swaps": {"approval": True, "last_hours": 24}}}]
        }
    )

    name: Annotated[Name, Field(min_length=1)] | None = None
    settings: Annotated[dict[ShortText, Annotated[dict[ShortText, JsonValue], AtMost(50)]], AtMost(20)] = {}
