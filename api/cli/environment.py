"""The settings and the database that commands work with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import OperationalError

from api.db.engine import Database
from api.db.migrate import is_current
from api.settings import Settings
from scheduler.errors import AnwError
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


def settings_of_environment() -> Settings:
    """The settings in `ANW_...`; raises WrongSettings telling each that is missing or wrong."""
    if "ANW_DATABASE_URL" not in os.environ:
        raise WrongSettings(text("service.no_database"))
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(str(one["msg"]) for one in error.errors())) from None


def embedded_settings(folder: Path, base_url: str) -> Settings:
    """The settings of one process on an SQLite file in `folder`, with a secret that is made once and kept there."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        database_url=f"sqlite:///{folder / 'anw.sqlite'}",
        embedded=True,
        secret=SecretStr(_kept_secret(folder / "secret")),
        base_url=base_url,
        secure_cookies=False,
        work_folder=folder / "work",
    )


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")


def open_database(folder: Path | None) -> Database:
    """The database in `folder`, or else the one that the environment names."""
    if folder is None and "ANW_DATABASE_URL" in os.environ:
        return reached(settings_of_environment().database_url)
    path = (folder or DATA_FOLDER) / "anw.sqlite"
    if not path.is_file():
        raise WrongSettings(text("service.no_file", path=path))
    return reached(f"sqlite:///{path}")


def reached(url: str) -> Database:
    """A database that answers; raises Unreachable."""
    database = Database(url)
    try:
        with database.engine.connect():
            return database
    except OperationalError as error:
        database.close()
        raise Unreachable(text("service.unreachable", trouble=str(error.orig).splitlines()[0])) from None


def require_current(settings: Settings) -> None:
    """Refuse to start on a database that lacks the tables of this version; raises NotMigrated."""
    database = reached(settings.database_url)
    with database.engine.connect() as connection:
        current = is_current(connection)
    database.close()
    if not current:
        raise NotMigrated(text("service.not_migrated"))
