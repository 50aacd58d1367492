"""What calls about persons and neighbours take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.fields import Identifier, Key, Note

_AT = "2027-01-05T10:00:00+01:00"
_NEIGHBOUR: dict[str, Any] = {
    "id": 2, "hds_id": "oost", "hds_name": "Huisartsenpost Oost", "state": "accepted", "invited_by_us": True,
    "message": "", "invited_at": _AT, "changed_at": _AT,
}  # fmt: skip
_DUTY: dict[str, Any] = {
    "hds_id": "oost", "hds_name": "Huisartsenpost Oost", "shift_id": "avond/2027-03-05/1", "post_id": "P1",
    "role": "consult", "burden": "evening", "start": "2027-03-05T17:00:00+01:00", "end": "2027-03-05T23:00:00+01:00",
}  # fmt: skip
BigNumber = Annotated[str, StringConstraints(pattern=r"^\d{11}$")]
LinkSecret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class LinkBegun(BaseModel):
    """Who asks for a code. An administrator names the GP, and tells where the GP's consent is found.

    With a BIG number the code works only together with the same number; it is kept as a keyed hash that nothing but
    the code opens, and goes with it.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"gp_id": "gp-017", "consent": "Getekend op 4 januari 2027, map 12"}]}
    )

    gp_id: Identifier | None = None
    big_number: BigNumber | None = None
    consent: Note = ""


class LinkCode(BaseModel):
    """A code by which another HDS makes the link, once; it is shown here and never again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "Jt2b…", "gp_id": "gp-017", "expires_at": "2027-01-12T10:00:00+01:00"}]
        }
    )

    code: str
    gp_id: str
    expires_at: datetime


class LinkMade(BaseModel):
    """The code of the other side, and who it is here (an administrator names the GP)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "Jt2bV0p8", "gp_id": "a-031", "consent": "Brief van 5 januari 2027"}]}
    )

    code: LinkSecret
    gp_id: Identifier | None = None
    big_number: BigNumber | None = None
    consent: Note = ""


class LinkShown(BaseModel):
    """A GP of this HDS who is on duty at another one too; which one, is not told.

    `kind` says how that is known: `link` (made with a code), `account` (the same account has the role of a GP at
    both), or `guest` (borrowed from a neighbour, or lent to one). Only a `link` has an `id`, and can be ended here.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": 3, "gp_id": "gp-017", "kind": "link", "made_at": _AT}]}
    )

    id: int | None
    gp_id: str
    kind: Literal["link", "account", "guest"]
    made_at: datetime | None


class LinksShown(BaseModel):
    """Every GP of the HDS who is on duty at another one too; a GP sees the own ones."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": 3, "gp_id": "gp-017", "kind": "link", "made_at": _AT}]}]}
    )

    items: list[LinkShown]


class NeighbourInvited(BaseModel):
    """The HDS that is asked to be a neighbour, by its id."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"hds_id": "oost", "message": "Zoals besproken op 4 januari."}]}
    )

    hds_id: Annotated[Identifier, Field(max_length=64)]
    message: Note = ""


class NeighbourAnswer(BaseModel):
    """Whether the invited HDS wants to be a neighbour."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"agreed": True}]})

    agreed: bool


class NeighbourShown(BaseModel):
    """Another HDS that is a neighbour, was one, or is asked to be one; `invited_by_us` says who asked whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [_NEIGHBOUR]
        }
    )  # fmt: skip

    id: Key
    hds_id: str
    hds_name: str
    state: Literal["invited", "accepted", "refused", "withdrawn", "ended"]
    invited_by_us: bool
    message: str
    invited_at: datetime
    changed_at: datetime


class NeighboursShown(BaseModel):
    """The neighbours of an HDS, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_NEIGHBOUR]}]})

    items: list[NeighbourShown]


class OwnDuty(BaseModel):
    """A duty of the person who asks, at whichever HDS."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [_DUTY]
        }
    )  # fmt: skip

    hds_id: str
    hds_name: str
    shift_id: str
    post_id: str
    role: str
    burden: str
    start: datetime
    end: datetime


class OwnDuties(BaseModel):
    """The duties of one person at all HDSs, in order of start."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_DUTY]}]})

    items: Annotated[list[OwnDuty], Field()]
