"""Who is asking: a user with the roles held at one HDS."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may be at an HDS; the names of `membership.role`."""

    PLANNER = "planner"
    GP = "gp"
    FINANCE = "finance"
    INSURER = "insurer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Held:
    """A role held at an HDS; the role of a GP names which one."""

    role: Role
    gp_number: int | None = None
    gp_id: str | None = None


@dataclass(frozen=True)
class Caller:
    """Somebody who proved who they are, until `expires_at`.

    `token_hds` and `scopes` narrow a bearer token (None: a session), `held` are the roles at that HDS; `session_hash`
    and `csrf_token` are those of the session, if any. Who must change the password first may do nothing else in a
    session.
    """

    user_id: int
    token_hds: str | None = None
    scopes: frozenset[Role] | None = None
    read_only: bool = False
    token_id: int | None = None
    session_hash: str | None = None
    csrf_token: str | None = None
    must_change_password: bool = False
    expires_at: datetime | None = None
    held: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Member:
    """A caller at one HDS, with the roles that count here and now; `gp_number`/`gp_id` say which GP it is, if any."""

    user_id: int
    hds_id: str
    roles: frozenset[Role]
    gp_number: int | None = None
    gp_id: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether any of `roles` is held."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class SystemActor:
    """The service itself at one HDS, for what it does of its own accord or as a consequence of what somebody did.

    It is no person: it holds no role, reads nothing on anybody's behalf, and stands in the audit as nobody.
    """

    hds_id: str

    @property
    def user_id(self) -> None:
        """No account."""

    @property
    def gp_number(self) -> None:
        """No GP."""

    @property
    def gp_id(self) -> None:
        """No GP."""


Actor = Member | SystemActor
"""Who changes something: a person, or the service itself."""


def plain_name(username: str) -> str:
    """A username as it is kept and looked up: case and compatibility forms make no difference."""
    return unicodedata.normalize("NFKC", username).strip().casefold()
