"""The one catalogue of Dutch texts that a user reads; each room has its own file `nl/<room>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def text(key: str, **values: object) -> str:
    """The Dutch text under `room.key` with its named fields filled in.

    A nested table of the file adds to the key (`report.title.short`). Raises KeyError on an unknown key
    and on a field without a value.
    """
    return _catalogue()[key].format(**values)


def texts(room: str) -> dict[str, str]:
    """Every Dutch text of a room by its key without the room, fields not filled in: for pages that fill them in."""
    prefix = f"{room}."
    return {key.removeprefix(prefix): value for key, value in _catalogue().items() if key.startswith(prefix)}


@cache
def _catalogue() -> Mapping[str, str]:
    """Every text of every room, read once."""
    found: dict[str, str] = {}
    for file in files(__package__).joinpath("nl").iterdir():
        if file.name.endswith(".toml"):
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            found.update(_flat(file.name.removesuffix(".toml"), content))
    return found


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}.{key}", value)
        else:
            yield f"{prefix}.{key}", str(value)
