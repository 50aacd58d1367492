"""Measures of the service on both databases, beside what they may be, as a table in the README."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from os import cpu_count, getloadavg
from pathlib import Path
from typing import TypeVar

from benchmarks.service_process import Service, on_postgresql, on_sqlite
from benchmarks.table import replace
from scheduler.domain.time import AMSTERDAM
from scheduler.version import __version__

README = Path(__file__).with_name("README.md")
Running = Callable[[], AbstractContextManager[Service]]
F = TypeVar("F")


@dataclass(frozen=True)
class Figure:
    """One measurement beside what it may be."""

    name: str
    value: float
    most: float
    unit: str

    @property
    def missed(self) -> bool:
        """Whether it is more than it may be."""
        return self.value > self.most


def on_both(measure: Callable[[Running], Sequence[F]]) -> list[tuple[str, F]]:
    """What `measure` finds with the service on each database, under the name of the database."""
    return [
        (name, figure)
        for name, running in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql))
        for figure in measure(running)
    ]


def tell_figures(section: str, found: Sequence[tuple[str, Figure]]) -> int:
    """Print the figures and put them in the README; 1 when a norm is missed."""
    rows = [
        f"| {name} | {one.name} | {one.value:.3g} {one.unit} | {one.most:g} {one.unit} | {'missed' * one.missed} |"
        for name, one in found
    ]
    tell(section, ["| database | measure | measured | at most | |", "| --- | --- | --- | --- | --- |", *rows])
    return int(any(one.missed for _, one in found))


def tell(section: str, lines: Sequence[str]) -> None:
    """Print a table and put it between the markers of its section, with when and on what it was measured."""
    table, day = "\n".join(lines), f"{datetime.now(AMSTERDAM):%Y-%m-%d}"
    print(table)
    told = f"Measured {day}, version {__version__}, {cpu_count()} cores, load {getloadavg()[0]:.0f}."
    replace(README, section, f"{table}\n\n{told}")
