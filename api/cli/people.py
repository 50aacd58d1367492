"""`anw hds` and `anw user`: what only whoever runs the installation may do with HDSs and accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from scheduler.cli.console import say
from scheduler.cli.options import argument, option

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HdsId = Annotated[str, argument("hds", "HDS")]
Username = Annotated[str, argument("user", "GEBRUIKER")]
Data = Annotated[Path | None, option("--data", "data", "MAP")]


def add_hds(
    hds_id: HdsId,
    name: Annotated[str, option("--name", "hds_name", "NAAM")],
    administrator: Annotated[str, option("--administrator", "administrator", "GEBRUIKER")],
    email: Annotated[str | None, option("--email", "email", "ADRES")] = None,
    by_provider: Annotated[bool, option("--oidc", "by_provider")] = False,
    data: Data = None,
) -> None:
    """Found an HDS with its first administrator."""
    from api.users.installation import found_hds

    with _writing(data) as session:
        password = found_hds(session, hds_id, name, administrator, email=email, by_provider=by_provider)
    say("users.installation.founded", hds_id=hds_id)
    _hand_over(administrator, password)


def grant(
    username: Username,
    hds_id: Annotated[str, option("--hds", "hds", "HDS")],
    role: Annotated[str, option("--role", "role", "ROL")],
    gp_id: Annotated[str | None, option("--gp", "gp", "HUISARTS")] = None,
    data: Data = None,
) -> None:
    """Give an account a role at an HDS."""
    from api.auth.principal import Role
    from api.users.installation import NotDone
    from api.users.installation import grant as granted
    from scheduler.messages import text

    if role not in set(Role):
        raise NotDone(text("users.installation.no_role", role=role, roles=", ".join(Role)))
    with _writing(data) as session:
        granted(session, username, hds_id, Role(role), gp_id)
    say("users.installation.granted", username=username, role=role, hds_id=hds_id)


def password(username: Username, data: Data = None) -> None:
    """Let somebody back in with a one-time password."""
    from api.users.installation import let_back_in

    with _writing(data) as session:
        given = let_back_in(session, username)
    _hand_over(username, given)


def _hand_over(username: str, given: str | None) -> None:
    if given is not None:
        say("service.login", user=username, password=given)


@contextmanager
def _writing(data: Path | None) -> Iterator[Session]:
    """One transaction on the database of the service; a refusal is told as the commands tell theirs."""
    from api.cli.environment import open_database
    from api.errors import Problem
    from api.users.installation import NotDone

    database = open_database(data)
    try:
        with database.writing() as session:
            yield session
    except Problem as refusal:
        raise NotDone(refusal.detail) from None
    finally:
        database.close()
