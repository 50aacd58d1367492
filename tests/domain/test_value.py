"""The JSON of a value is the same wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WRITES = """
from scheduler.generate import generate
print(generate(gps=20, posts=1, seed=3, months=1).model_dump_json())
"""


@pytest.fixture(scope="module")
def written() -> list[str]:
    """The JSON of one dossier from processes that order their sets differently."""
    found = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", WRITES], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        found.append(done.stdout)
    return found


def test_a_dossier_gives_the_same_json_in_every_process(written: list[str]) -> None:
    """Its SHA-256 names it in every process of a service, although sets have no order."""
    assert written[0] == written[1]
