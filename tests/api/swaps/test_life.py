"""Whatever happens to a roster in force: one performer, no rule broken, responsible and pay as they should be."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from api.db.engine import Database
from api.settings import Settings
from tests.api.conftest import postgres_database
from tests.api.one_app import one_app
from tests.api.swaps.life import Life


def _live(make_url: object, *, examples: int, steps: int) -> None:
    with ExitStack() as stack:

        def fresh() -> Life:
            stack.close()
            url = make_url(stack)  # type: ignore[operator]
            machine = Life()
            machine.database = Database(url)
            stack.callback(machine.database.close)
            machine.app = one_app(Settings(database_url=url, development=True, secure_cookies=False), machine.database)
            stack.callback(machine.app.state.database.close)
            return machine

        chosen = settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
        )  # fmt: skip
        run_state_machine_as_test(fresh, settings=chosen)


def test_everything_that_may_happen_leaves_the_roster_whole(sqlite_template: Path, tmp_path: Path) -> None:
    """On SQLite, many lives."""

    def url(_stack: ExitStack) -> str:
        path = tmp_path / "life.sqlite"
        for old in tmp_path.glob("life.sqlite*"):
            old.unlink()
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    _live(url, examples=10, steps=40)


def test_the_same_on_postgresql(postgres_server: str, postgres_template: str) -> None:
    """A few lives."""
    _live(
        lambda stack: stack.enter_context(postgres_database(postgres_server, postgres_template)), examples=2, steps=20
    )


@pytest.mark.parametrize("rule", ["propose", "answer", "publish", "report_sick_for_a_duty", "take_an_open_duty"])
def test_a_life_knows_what_may_happen(rule: str) -> None:
    """Each way to change who performs a duty is a rule of the machine."""
    assert hasattr(Life, rule)
