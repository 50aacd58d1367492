"""The door out: write everything that a run gives into one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scheduler.atomic import replace_files, require_writable
from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.report.html import render
from scheduler.report.judge import judge
from scheduler.report.judgement import Judgement
from scheduler.report.summary import summary_bytes
from scheduler.report.tables import (
    QUOTA_COLUMNS,
    ROSTER_COLUMNS,
    UNFILLED_COLUMNS,
    csv_bytes,
    quota_rows,
    roster_rows,
    unfilled_rows,
)

__all__ = ["output_files", "require_writable", "write_output"]


def write_output(
    dossier: Dossier,
    result: RosterResult,
    folder: Path,
    notices: Sequence[object] = (),
    judgement: Judgement | None = None,
) -> None:
    """Write roster.csv, quota.csv, unfilled.csv, report.html and summary.json into `folder`, all or nothing.

    `notices` (from reading the dossier) are shown in the report; `judgement` saves judging the result once more.
    Raises OutputError; earlier output then still stands. The same roster gives the same bytes, but for the seconds in
    the summary.
    """
    replace_files(folder, output_files(dossier, result, notices, judgement))


def output_files(
    dossier: Dossier, result: RosterResult, notices: Sequence[object] = (), judgement: Judgement | None = None
) -> dict[str, bytes]:
    """The content of every output file under its name, in the order in which they are put in place."""
    judgement = judgement or judge(dossier, result)
    return {
        "quota.csv": csv_bytes(QUOTA_COLUMNS, quota_rows(result.roster, result.targets)),
        "unfilled.csv": csv_bytes(UNFILLED_COLUMNS, unfilled_rows(judgement.unfilled)),
        "report.html": render(dossier, judgement, notices).encode(),
        "roster.csv": csv_bytes(ROSTER_COLUMNS, roster_rows(result.roster)),
        "summary.json": summary_bytes(dossier, judgement),
    }
