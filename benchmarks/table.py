"""Measurements as a markdown table between two markers of a README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.child import Run
from benchmarks.judge import Judgement

COLUMNS = (
    "dossier", "engine", "shifts", "seconds", "before exchange", "peak MiB", "unfilled", "violations",
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
        ("deviation", norm.deviation is None or found.largest <= max(norm.deviation, found.proven_least) + 1e-9),
        ("soft cost", norm.soft_cost is None or found.soft_cost <= norm.soft_cost),
        ("seconds", norm.seconds is None or run.seconds <= norm.seconds),
        ("memory", norm.bytes is None or run.peak_bytes <= norm.bytes),
        ("anw check", found.checked is not False),
        ("independent", found.independent is not False),
    )
    return [name for name, holds in checks if not holds]


def before_exchange(measurement: Measurement) -> float:
    """Seconds of all but the exchange, which takes whatever the limit leaves and so says nothing about size."""
    found = measurement.judgement
    return measurement.run.seconds - (found.exchange_seconds if found else 0.0)


def doubling(half: Measurement, double: Measurement) -> str:
    """How many times the seconds twice the GPs and the demand take."""
    whole = double.run.seconds / half.run.seconds
    return f"Twice the GPs and the demand took {whole:.2f} times the seconds, " + (
        f"{before_exchange(double) / before_exchange(half):.2f} times without the exchange ({double.day})."
    )


def row(measurement: Measurement) -> tuple[str, ...]:
    """The cells of a measurement."""
    run, found = measurement.run, measurement.judgement
    start = (measurement.case.name, measurement.engine)
    before = f"{before_exchange(measurement):.1f}"
    took = (f"{run.seconds:.1f}", before, f"{run.peak_bytes / MEBIBYTE:.0f}")
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
    kept = {tuple(cells[:2]): cells for cells in _cells(between(readme, name))}
    kept |= {tuple(cells[:2]): tuple(cells) for cells in rows}
    replace(readme, name, markdown(kept.values()))


def between(readme: Path, name: str) -> str:
    """What stands between the markers `name`."""
    return readme.read_text(encoding="utf-8").split(_start(name))[1].split(_end(name))[0]


def replace(readme: Path, name: str, body: str) -> None:
    """Put `body` between the markers `name`."""
    text = readme.read_text(encoding="utf-8")
    before, after = text.split(_start(name))[0], text.split(_end(name))[1]
    readme.write_text(f"{before}{_start(name)}\n{body}\n{_end(name)}{after}", encoding="utf-8")


def _start(name: str) -> str:
    return f"<!-- {name}: start -->"


def _end(name: str) -> str:
    return f"<!-- {name}: end -->"


def _cells(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines[2:]]
