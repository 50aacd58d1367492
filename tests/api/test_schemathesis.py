"""Whatever is sent to whichever call by whomever: no answer is a 500."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from schemathesis import Case

from api.app import create_app
from api.db.engine import Database
from api.db.migrate import upgrade
from api.settings import Settings
from tests.api.fuzzing import ROLES, Target, call_all, made_up, set_up

EXAMPLES = 1
"""Of right and of wrong calls for each operation; more were tried by hand, which takes too long for every day."""


def target_at(url: str, room: Path) -> Target:
    """A service on a fresh database with something in it."""
    database = Database(url)
    upgrade(database)
    app = create_app(Settings(database_url=url, development=True, secure_cookies=False, work_folder=room / "work"))
    return set_up(app, database)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A service on an SQLite file."""
    room = tmp_path_factory.mktemp("fuzz")
    target = target_at(f"sqlite:///{room / 'anw.sqlite'}", room)
    yield target
    target.database.close()


@pytest.fixture(scope="module")
def calls(on_sqlite: Target) -> list[Case]:
    """Calls of every operation, made up once."""
    return made_up(on_sqlite, examples=EXAMPLES)


def test_nothing_breaks_for_somebody_who_may_do_all_on_sqlite(on_sqlite: Target, calls: list[Case]) -> None:
    """Every call, right and wrong, by somebody with every role."""
    assert 2 * len(calls) > 3 * len({case.operation.label for case in calls})
    assert call_all(on_sqlite, calls, *ROLES) == []


def test_nothing_breaks_for_somebody_who_may_do_all_on_postgresql(
    postgres_url: str, tmp_path: Path, on_sqlite: Target, calls: list[Case]
) -> None:
    """Half of the calls on PostgreSQL, which refuses other values than SQLite does."""
    target = target_at(postgres_url, tmp_path)
    assert target.known == on_sqlite.known
    assert call_all(target, calls[::2], *ROLES) == []
    target.database.close()


@pytest.mark.long
@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_nothing_breaks_for_somebody_with_one_role(role: str, on_sqlite: Target, calls: list[Case]) -> None:
    """One call of every operation, by whoever may do little of it."""
    one_each = list({case.operation.label: case for case in calls}.values())
    assert call_all(on_sqlite, one_each, *([] if role == "nobody" else [role])) == []
