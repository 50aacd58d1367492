"""The examples of the README, from login to a done swap, are run as they stand there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from api.db.tables.people import User
from api.users.service import set_password
from tests.api.conftest import add_user, token_for
from tests.api.serving import listening
from tests.api.swaps.market import performers, published, shift

README = Path(__file__).parents[3] / "api" / "README.md"
PASSWORD = "kers-boom-vlam-ruit"


def _lines(heading: str, language: str) -> str:
    """The first lines in a language under a heading."""
    section = README.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return section.partition(f"```{language}\n")[2].partition("```")[0]


def _two_gps(database: Database) -> str:
    """Ann may log in and has a duty; the token of Ben."""
    published(database, {shift(4): "a"})
    ann = add_user(database, "ann", "test", "gp", gp_id="a")
    with database.writing() as session:
        set_password(session, session.get_one(User, ann), PASSWORD, must_change=False)
    return token_for(database, add_user(database, "ben", "test", "gp", gp_id="c"), "test", "gp")


def _run(app: FastAPI, command: list[str], script: str, folder: Path, ben: str) -> str:
    """What the example says on the service instead of the demo."""
    with listening(app) as address:
        for shown, here in (("http://127.0.0.1:8000", address), ("HDS=demo", "HDS=test"), ('"demo"', '"test"')):
            script = script.replace(shown, here)
        done = subprocess.run(
            [*command, script], cwd=folder, env={"BEN": ben, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
def test_the_example_leads_from_login_to_a_done_swap(app: FastAPI, database: Database, tmp_path: Path) -> None:
    """Ann offers her duty, Ben takes it: the last line says done, and he performs it."""
    ben = _two_gps(database)
    said = _run(app, ["sh", "-euc"], _lines("From login to a done swap", "sh"), tmp_path, ben)
    assert said.splitlines()[-1] == "done", said
    assert performers(database) == {shift(4): "c"}


def test_the_example_in_python_does_the_same(app: FastAPI, database: Database, tmp_path: Path) -> None:
    """With the client library that is there; Ben is told whether he may and what it pays."""
    ben = _two_gps(database)
    script = _lines("From login to a done swap", "python")
    if not find_spec("httpx"):
        script = script.replace("import httpx\n", "import httpx2 as httpx\n")
    said = _run(app, [sys.executable, "-c"], script, tmp_path, ben).splitlines()
    assert said[0].startswith("Dit mag: er wordt geen regel door gebroken. ")
    assert said[-1] == "done"
    assert performers(database) == {shift(4): "c"}
