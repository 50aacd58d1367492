"""The import contracts speak of everything that is there; `lint-imports` itself runs in `make test`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scheduler.rules import RULES
from scheduler.wishes import WISHES

PROJECT = Path(__file__).parents[1]


def _contract(name: str) -> dict[str, Any]:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (found,) = [contract for contract in contracts if contract["id"] == name]
    return dict(found)


@pytest.mark.parametrize(("name", "listed"), [("rules", RULES), ("wishes", WISHES)])
def test_each_rule_and_wish_is_kept_apart(name: str, listed: tuple[Any, ...]) -> None:
    """A new rule or wish joins the contract that they do not know each other."""
    assert {module.rsplit(".", 1)[1] for module in _contract(name)["modules"]} == {one.name for one in listed}


def test_each_room_has_its_layer() -> None:
    """A new room of the engine says on which side of the others it stands."""
    layers = {room for layer in _contract("layers")["layers"] for room in re.findall(r"\w+", layer)}
    rooms = {path.stem for path in (PROJECT / "scheduler").iterdir() if (path.is_dir() or path.suffix == ".py")}
    assert rooms - {"__init__", "__pycache__"} == layers
