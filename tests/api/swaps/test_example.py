"""The example of the README, from login to a done swap, is run as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from api.users.service import set_password
from tests.api.conftest import add_user, token_for
from tests.api.serving import listening
from tests.api.swaps.market import performers, published, shift

README = Path(__file__).parents[3] / "api" / "README.md"
PASSWORD = "kers-boom-vlam-ruit"


def _lines(heading: str) -> str:
    """The shell lines under a heading."""
    found = re.search(
        rf"^## {heading}\n.*?```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
def test_the_example_leads_from_login_to_a_done_swap(app: FastAPI, database: Database, tmp_path: Path) -> None:
    """Ann offers her duty, Ben takes it: the last line says done, and he performs it."""
    published(database, {shift(4): "a"})
    ann = add_user(database, "ann", "test", "gp", gp_id="a")
    ben = token_for(database, add_user(database, "ben", "test", "gp", gp_id="c"), "test", "gp")
    with database.writing() as session:
        from api.db.tables.people import User

        set_password(session, session.get_one(User, ann), PASSWORD, must_change=False)
    with listening(app) as address:
        lines = _lines("From login to a done swap").replace("http://127.0.0.1:8000", address)
        script = lines.replace("HDS=demo", "HDS=test")
        done = subprocess.run(
            ["sh", "-euc", script], cwd=tmp_path, env={"BEN": ben, "PATH": "/usr/bin:/bin"}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "done", done.stdout
    assert performers(database) == {shift(4): "c"}
