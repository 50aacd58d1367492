"""The table of measurements and its norms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.cases import GIBIBYTE, Case, Norm
from benchmarks.child import Run
from benchmarks.judge import Judgement
from benchmarks.table import COLUMNS, Measurement, doubling, misses, replace_rows, row

NORM = Norm(unfilled=0, deviation=1.0, soft_cost=450, seconds=60, bytes=2 * GIBIBYTE)
CASE = Case("dorp", lambda folder: folder, 60, NORM)
RUN = Run(0, 60.0, 2 * GIBIBYTE, "")
FOUND = Judgement(
    shifts=100, unfilled=0, violations=0, soft_cost=450, deviation={"night": 1.0, "evening": 0.5},
    bound={"night": 0.5}, soft_bound=200.0, checked=True, independent=None,
)  # fmt: skip
MET = Measurement(CASE, "anw", RUN, FOUND, "2026-11-21")


def test_a_norm_reached_exactly_is_met() -> None:
    """At the limit of every figure nothing is missed."""
    assert misses(MET) == []


@pytest.mark.parametrize(
    ("name", "worse"),
    [
        ("violations", replace(MET, judgement=replace(FOUND, violations=1))),
        ("unfilled", replace(MET, judgement=replace(FOUND, unfilled=1))),
        ("deviation", replace(MET, judgement=replace(FOUND, deviation={"night": 1.01}))),
        ("soft cost", replace(MET, judgement=replace(FOUND, soft_cost=451))),
        ("seconds", replace(MET, run=replace(RUN, seconds=60.1))),
        ("memory", replace(MET, run=replace(RUN, peak_bytes=2 * GIBIBYTE + 1))),
        ("anw check", replace(MET, judgement=replace(FOUND, checked=False))),
        ("independent", replace(MET, judgement=replace(FOUND, independent=False))),
    ],
)
def test_a_figure_just_over_its_norm_is_named(name: str, worse: Measurement) -> None:
    """Each figure is held against its own norm."""
    assert misses(worse) == [name]


def test_a_deviation_over_its_norm_that_no_roster_can_undercut_is_no_miss() -> None:
    """A dossier may hold a GP who is away on every holiday: the bound says so."""
    proven = replace(FOUND, deviation={"holiday": 1.2}, bound={"holiday": 1.2})
    assert misses(replace(MET, judgement=proven)) == []
    assert misses(replace(MET, judgement=replace(proven, deviation={"holiday": 1.21}))) == ["deviation"]


def test_a_run_without_roster_is_no_success() -> None:
    """A crash is a miss, and still gives a whole row."""
    crashed = replace(MET, judgement=None, run=replace(RUN, status=1))
    assert misses(crashed) == ["no roster (status 1)"]
    assert len(row(crashed)) == len(COLUMNS) == len(row(MET))


def test_measuring_one_dossier_keeps_the_rows_of_the_others(tmp_path: Path) -> None:
    """A row is replaced by its dossier and engine; text around the markers stays."""
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- measures: start -->\n<!-- measures: end -->\nafter\n")
    replace_rows(readme, "measures", [row(MET), row(replace(MET, engine="peer"))])
    replace_rows(readme, "measures", [row(replace(MET, run=replace(RUN, seconds=3.0)))])
    lines = [line for line in readme.read_text().splitlines() if line.startswith("| dorp")]
    assert [line.split(" | ")[1:4] for line in lines] == [["anw", "100", "3.0"], ["peer", "100", "60.0"]]
    assert readme.read_text().startswith("before\n")
    assert readme.read_text().endswith("after\n")


def test_doubling_is_told_with_and_without_the_exchange() -> None:
    """The exchange lasts as long as it may, so the seconds before it say what size costs."""
    half = replace(MET, run=replace(RUN, seconds=20.0), judgement=replace(FOUND, exchange_seconds=10.0))
    double = replace(MET, run=replace(RUN, seconds=50.0), judgement=replace(FOUND, exchange_seconds=30.0))
    assert doubling(half, double).startswith(
        "Twice the GPs and the demand took 2.50 times the seconds, 2.00 times without the exchange"
    )
