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


@pytest.mark.parametrize("name", [*OURS, "database"])
def test_each_container_can_do_no_more_than_it_needs(name: str) -> None:
    """Its files stand fast, it gets no rights, and of those of root only the database some for its start."""
    service = COMPOSE["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]
    assert ("cap_add" in service) == (name == "database")


@pytest.mark.parametrize("name", OURS)
def test_what_is_written_while_it_runs_goes_where_it_may(name: str) -> None:
    """Uploads are unpacked in the one place that can be written to."""
    assert Path(COMPOSE["services"][name]["environment"]["ANW_WORK_FOLDER"]).is_relative_to("/tmp")


def test_the_address_of_the_database_is_one_that_the_service_takes() -> None:
    """PostgreSQL by the driver that comes along."""
    given = COMPOSE["services"]["api"]["environment"]["ANW_DATABASE_URL"]
    settings = Settings(database_url=given, secret=SecretStr("s" * 40))
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert not settings.on_sqlite
