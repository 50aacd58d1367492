"""What logging in takes and tells."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.auth.passwords import LONGEST
from api.auth.principal import Role
from api.fields import Identifier, Moment, Name

Password = Annotated[Identifier, Field(max_length=LONGEST, json_schema_extra={"format": "password"})]

_USER: JsonDict = {
    "id": 7,
    "username": "ria",
    "display_name": "Ria Voorbeeld",
    "email": None,
    "must_change_password": False,
}
_MEMBERSHIP: JsonDict = {"hds_id": "demo", "hds_name": "HDS Demo", "roles": ["planner"], "gp_id": None}
_SESSION: JsonDict = {
    "user": _USER,
    "memberships": [_MEMBERSHIP],
    "by": "session",
    "csrf_token": "q1Vd0H3o5Zl0W7b2",
    "read_only": False,
    "expires_at": "2027-01-04T20:00:00+01:00",
}


class Credentials(BaseModel):
    """A username and its password."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"username": "ria", "password": "kers-boom-vlam-ruit"}]})

    username: Identifier
    password: Password


class NewPassword(BaseModel):
    """The present password and the one chosen instead; `end_tokens` for who fears that somebody else had it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"current": "nmpg5-vde5y-g3mq4-nbv7d", "chosen": "kers-boom-vlam-ruit"}]}
    )

    current: Password
    chosen: Password
    end_tokens: bool = False


class Account(BaseModel):
    """Who somebody is, apart from any HDS."""

    id: int
    username: str
    display_name: str
    email: str | None
    must_change_password: bool


class MembershipShown(BaseModel):
    """What somebody is at one HDS; `gp_id` with the role `gp`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MEMBERSHIP]})

    hds_id: str
    hds_name: str
    roles: list[Role]
    gp_id: str | None


class WhoAmI(BaseModel):
    """The caller with every membership that counts here; send `csrf_token` as X-CSRF-Token with each change."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SESSION]})

    user: Account
    memberships: list[MembershipShown]
    by: Literal["session", "token"]
    csrf_token: str | None
    read_only: bool
    expires_at: Moment


_TOKEN: JsonDict = {
    "id": 3,
    "user_id": 7,
    "username": "ria",
    "name": "rooster naar Excel",
    "scopes": ["planner"],
    "read_only": True,
    "created_at": "2027-01-04T08:00:00+01:00",
    "expires_at": "2027-04-04T09:00:00+02:00",
    "revoked_at": None,
    "used_at": "2027-02-01T08:30:00+01:00",
}


class TokenWish(BaseModel):
    """A token to be made: for which of the own roles, for how many days, and whether it may change anything."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "rooster naar Excel", "scopes": ["planner"], "read_only": True, "days": 90}]
        }
    )

    name: Annotated[Name, Field(min_length=1)]
    scopes: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    read_only: bool = False
    days: Annotated[
        int | None, Field(ge=1, le=366, description="At most what the installation allows; without it just that.")
    ] = None


class TokenShown(BaseModel):
    """A bearer token without its secret; `used_at` is at most a minute behind."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: int
    user_id: int
    username: str
    name: str
    scopes: list[Role]
    read_only: bool
    created_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    used_at: Moment | None


class TokenMade(TokenShown):
    """A new token; `secret` is shown this once and never again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_TOKEN, "used_at": None, "secret": "anw_Zk3v9Jq0sQ2m7yT1"}]}
    )

    secret: str
