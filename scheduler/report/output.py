"""The door out: write everything that a run gives into one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scheduler.atomic import replace_files, require_writable
from scheduler.csv_text import csv_bytes
from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.domain.shift import Shift
from scheduler.errors import ReportUnmade
from scheduler.messages import text
from scheduler.report.html import render
from scheduler.report.judge import judge
from scheduler.report.judgement import Judgement
from scheduler.report.summary import summary_bytes, unjudged_bytes
from scheduler.report.tables import (
    QUOTA_COLUMNS,
    ROSTER_COLUMNS,
    UNFILLED_COLUMNS,
    quota_rows,
    roster_rows,
    unfilled_rows,
)
from scheduler.report.unmade import unmade_page

__all__ = ["output_files", "require_writable", "write_output"]


def write_output(dossier: Dossier, result: RosterResult, folder: Path, notices: Sequence[object] = ()) -> Judgement:
    """Write roster.csv, quota.csv, unfilled.csv, report.html and summary.json into `folder`, all or nothing.

    `notices` (from reading the dossier) are shown in the report; the judgement that was written comes back. Raises
    OutputError; earlier output then still stands. Raises ReportUnmade where judging or drawing fails: what was solved
    is then written all the same, and report.html says what went wrong. The same roster gives the same bytes, but for
    the seconds in the summary.
    """
    judgement = None
    try:
        judgement = judge(dossier, result)
        files = output_files(dossier, judgement, notices)
    except Exception as error:
        replace_files(folder, _without_report(dossier, result, judgement, error))
        raise ReportUnmade(text("report.unmade.told", folder=folder, reason=repr(error))) from error
    replace_files(folder, files)
    return judgement


def output_files(dossier: Dossier, judgement: Judgement, notices: Sequence[object] = ()) -> dict[str, bytes]:
    """The content of every output file under its name, in the order in which they are put in place."""
    page, summary = render(dossier, judgement, notices), summary_bytes(dossier, judgement)
    return _files(judgement.result, judgement.unfilled, page, summary)


def _without_report(
    dossier: Dossier, result: RosterResult, judgement: Judgement | None, error: Exception
) -> dict[str, bytes]:
    """The same files when the report can't be made; without a judgement no reasons, and only counts in the summary."""
    page = unmade_page(error)
    if judgement is None:
        return _files(result, [(shift, {}) for shift in result.roster.unfilled], page, unjudged_bytes(dossier, result))
    return _files(result, judgement.unfilled, page, summary_bytes(dossier, judgement))


def _files(
    result: RosterResult, unfilled: Sequence[tuple[Shift, Mapping[str, int]]], page: str, summary: bytes
) -> dict[str, bytes]:
    return {
        "quota.csv": csv_bytes(QUOTA_COLUMNS, quota_rows(result.roster, result.targets)),
        "unfilled.csv": csv_bytes(UNFILLED_COLUMNS, unfilled_rows(unfilled)),
        "report.html": page.encode(),
        "roster.csv": csv_bytes(ROSTER_COLUMNS, roster_rows(result.roster)),
        "summary.json": summary,
    }
