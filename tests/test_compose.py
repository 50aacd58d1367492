"""The compose file starts what the command line has, with settings that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from api.cli.commands import add_commands
from api.settings import MailSettings, Settings
from scheduler.cli.app import app

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("migrate", "api", "worker")


@pytest.mark.parametrize("name", OURS)
def test_each_service_runs_a_command_that_there_is(name: str) -> None:
    """The image's entry point is `anw`."""
    add_commands()
    known = {command.name for command in app.registered_commands}
    assert COMPOSE["services"][name]["command"][0] in known


@pytest.mark.parametrize("name", OURS)
def test_each_setting_is_one_of_the_service(name: str) -> None:
    """A slip in a name would go unnoticed, as unknown variables are ignored."""
    settings = {f"ANW_{field.upper()}" for field in Settings.model_fields}
    settings |= {f"ANW_SMTP_{field.upper()}" for field in MailSettings.model_fields}
    assert set(COMPOSE["services"][name]["environment"]) <= settings


def test_the_address_of_the_database_is_one_that_the_service_takes() -> None:
    """PostgreSQL by the driver that comes along."""
    given = COMPOSE["services"]["api"]["environment"]["ANW_DATABASE_URL"]
    settings = Settings(database_url=given, secret=SecretStr("s" * 40))
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert not settings.on_sqlite
