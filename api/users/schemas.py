"""People of an HDS and the HDS itself, as they are sent and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.auth.principal import Role, plain_name
from api.fields import Identifier, Moment, Name

LONGEST_NAME = 100


def _plain(username: str) -> str:
    """As it is kept: signs may become several, or a blank, in their plain form."""
    plain = plain_name(username)
    if not 0 < len(plain) <= LONGEST_NAME or any(sign.isspace() or not sign.isprintable() for sign in plain):
        raise ValueError(f"1 to {LONGEST_NAME} printable signs without blanks")
    return plain


Username = Annotated[Identifier, Field(max_length=LONGEST_NAME), AfterValidator(_plain)]
Email = Annotated[Identifier, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
Login = Literal["password", "oidc"]

_USER: JsonDict = {
    "id": 12,
    "username": "bas",
    "display_name": "Bas Voorbeeld",
    "email": "bas@hds.example",
    "roles": ["gp"],
    "gp_id": "ha-017",
    "login": "password",
    "must_change_password": True,
    "disabled": False,
    "created_at": "2027-01-04T08:00:00+01:00",
}


class UserNew(BaseModel):
    """Somebody to come in: with a one-time password, or by the OIDC provider under this verified e-mail address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"username": "bas", "display_name": "Bas Voorbeeld", "roles": ["gp"], "gp_id": "ha-017"},
                {"username": "ria", "email": "ria@hds.example", "roles": ["planner"], "login": "oidc"},
            ]
        }
    )

    username: Username
    display_name: Name = ""
    email: Email | None = None
    roles: Roles
    gp_id: Annotated[Identifier | None, Field(description="Which GP this is; needed with the role `gp`.")] = None
    login: Login = "password"


class UserChange(BaseModel):
    """What to change; what is left out stays. `roles` are all roles at this HDS from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"roles": ["planner", "gp"], "gp_id": "ha-017"}]})

    display_name: Name | None = None
    email: Annotated[Email | None, Field(description="Null takes the address away.")] = None
    roles: Roles | None = None
    gp_id: Identifier | None = None
    disabled: Annotated[bool | None, Field(description="A disabled account is out at once, with its tokens.")] = None
    end_tokens: Annotated[
        bool,
        Field(description="End the user's tokens at this HDS, as when a role is taken away; else they lose that role."),
    ] = False


class UserShown(BaseModel):
    """A user with the roles at this HDS, and nothing of any other."""

    model_config = ConfigDict(json_schema_extra={"examples": [_USER]})

    id: int
    username: str
    display_name: str
    email: str | None
    roles: list[Role]
    gp_id: str | None
    login: Login
    must_change_password: bool
    disabled: bool
    created_at: Moment


class UserMade(UserShown):
    """A new user; `one_time_password` is shown this once, and must be changed at the first login."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_USER, "one_time_password": "nmpg5-vde5y-g3mq4-nbv7d"}]}
    )

    one_time_password: str | None


class OneTimePassword(BaseModel):
    """A password to hand over; it is shown this once, and must be changed at the first login."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"one_time_password": "nmpg5-vde5y-g3mq4-nbv7d"}]})

    one_time_password: str
