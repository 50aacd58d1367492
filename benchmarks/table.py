"""Measurements as a markdown table between two markers of a README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.child import Run
from benchmarks.judge import Judgement

COLUMNS = (
    "dossier", "engine", "shifts", "seconds", "peak MiB", "unfilled", "violations",
    "largest deviation / bound, in shifts", "soft cost / bound", "anw check", "independent", "misses", "measured",
)  # fmt: skip
MEBIBYTE = 2**20
BURDENS = ("evening", "night", "weekend", "holiday", "standby")


@dataclass(frozen=True)
class Measurement:
    """One engine on one dossier; no judgement: it left no roster."""

    case: Case
    engine: str
    run: Run
    judgement: Judgement | None
    day: str


def misses(measurement: Measurement) -> list[str]:
    """What of the norm of its dossier a measurement does not reach."""
    norm, run, found = measurement.case.norm, measurement.run, measurement.judgement
    if found is None:
        return [f"no roster (status {run.status})"]
    checks = (
        ("violations", found.violations == 0),
        ("unfilled", found.unfilled <= norm.unfilled),
        ("deviation", norm.deviation is None or found.largest <= norm.deviation + 1e-9),
        ("soft cost", norm.soft_cost is None or found.soft_cost <= norm.soft_cost),
        ("seconds", norm.seconds is None or run.seconds <= norm.seconds),
        ("memory", norm.bytes is None or run.peak_bytes <= norm.bytes),
        ("anw check", found.checked is not False),
        ("independent", found.independent is not False),
    )
    return [name for name, holds in checks if not holds]


def row(measurement: Measurement) -> tuple[str, ...]:
    """The cells of a measurement."""
    run, found = measurement.run, measurement.judgement
    start = (measurement.case.name, measurement.engine)
    took = (f"{run.seconds:.1f}", f"{run.peak_bytes / MEBIBYTE:.0f}")
    missed = ", ".join(misses(measurement)) or "nothing"
    if found is None:
        return (*start, "", *took, "", "", "", "", "", "", missed, measurement.day)
    soft = f"{found.soft_cost:g}" + ("" if found.soft_bound is None else f" / {found.soft_bound:g}")
    return (
        *start, str(found.shifts), *took, str(found.unfilled), str(found.violations), _deviations(found), soft,
        _said(found.checked), _said(found.independent), missed, measurement.day,
    )  # fmt: skip


def _deviations(found: Judgement) -> str:
    parts = []
    for burden in BURDENS:
        if burden in found.deviation:
            bound = f" / {found.bound[burden]:.2f}" if burden in found.bound else ""
            parts.append(f"{burden} {found.deviation[burden]:.2f}{bound}")
    return ", ".join(parts)


def _said(answer: bool | None) -> str:
    return "not asked" if answer is None else "agrees" if answer else "**differs**"


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """A table with the columns of a measurement."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def replace_rows(readme: Path, name: str, rows: Sequence[Sequence[str]]) -> None:
    """Put `rows` between the markers `name`, keeping the rows of dossiers and engines not measured now."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(start)
    old, after = rest.split(end)
    kept = {tuple(cells[:2]): cells for cells in _cells(old)}
    kept |= {tuple(cells[:2]): tuple(cells) for cells in rows}
    body = f"{start}\n{markdown(kept.values())}\n{end}"
    readme.write_text(before + body + after, encoding="utf-8")


def _cells(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines[2:]]
