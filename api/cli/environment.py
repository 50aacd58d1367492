"""The settings and the database that commands work with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import DatabaseError, OperationalError

from api.cli.damage import describe_damage, is_damage
from api.data_folder import DATABASE, database_url, ensure_secret, make_folder
from api.db.engine import Database
from api.db.migrate import is_current
from api.settings import Settings
from scheduler.errors import AnwError, DamageError
from scheduler.messages import text

DATA_FOLDER = Path("build/service")


class WrongSettings(AnwError):
    """The environment does not say how the service must run."""

    code = "settings_wrong"


class Unreachable(AnwError):
    """The database does not answer."""

    code = "database_unreachable"


class NotMigrated(AnwError):
    """The database lacks the tables of this version."""

    code = "not_migrated"


def read_environment() -> Settings:
    """The settings in `ANW_...`; raises WrongSettings telling each that is missing or wrong."""
    if "ANW_DATABASE_URL" not in os.environ:
        raise WrongSettings(text("service.no_database"))
    return _read_settings()


def embedded_settings(folder: Path, base_url: str) -> Settings:
    """The settings of one process on an SQLite file in `folder`, with a secret that is made once and kept there.

    What stands in `ANW_...` goes before: behind TLS that is `ANW_BASE_URL=https://...`, and cookies are secure then
    unless it says otherwise. Raises WrongSettings, SecretUnsound and FolderUnwritable.
    """
    make_folder(folder)
    given = {name.upper() for name in os.environ}
    public = next((value for name, value in os.environ.items() if name.upper() == "ANW_BASE_URL"), base_url)
    plain: dict[str, Any] = {
        "embedded": True,
        "base_url": base_url,
        "secure_cookies": public.lower().startswith("https://"),
        "work_folder": folder / "work",
    }
    defaults = {name: value for name, value in plain.items() if f"ANW_{name.upper()}" not in given}
    if "ANW_SECRET" not in given:
        defaults["secret"] = SecretStr(ensure_secret(folder))
    return _read_settings(database_url=database_url(folder), **defaults)


def _read_settings(**given: Any) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:
        raise WrongSettings("\n".join(str(one["msg"]) for one in error.errors())) from None


def open_database(folder: Path | None) -> Database:
    """The database in `folder`, or else the one that the environment names."""
    if folder is None and "ANW_DATABASE_URL" in os.environ:
        return reach_database(read_environment().database_url)
    folder = folder or DATA_FOLDER
    path = folder / DATABASE
    if not path.is_file():
        raise WrongSettings(text("service.no_file", path=path))
    return reach_database(database_url(folder))


def reach_database(url: str) -> Database:
    """A database that answers; raises Unreachable, and DamageError for a file that is no database any more."""
    database = Database(url)
    try:
        with database.engine.connect():
            return database
    except DatabaseError as error:
        database.close()
        if is_damage(error):
            raise DamageError(describe_damage(error)) from None
        if not isinstance(error, OperationalError):
            raise
        raise Unreachable(text("service.unreachable", trouble=str(error.orig).splitlines()[0])) from None


def require_current(settings: Settings) -> None:
    """Refuse to start on a database that lacks the tables of this version; raises NotMigrated."""
    database = reach_database(settings.database_url)
    with database.engine.connect() as connection:
        current = is_current(connection)
    database.close()
    if not current:
        raise NotMigrated(text("service.not_migrated"))
