"""What was really worked, where that differs from the roster: replacements, splits, cuts and call-ins."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from scheduler.domain.time import AMSTERDAM, DAY, Span
from scheduler.domain.value import Value
from scheduler.dossier.cells import parse_moment
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.files import read_rows

COLUMNS = "shift_id gp_id start end"
WORKED = "worked.csv"
CALL_INS = "call_ins.csv"
LONGEST = DAY
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")


class Stretch(Span):
    """One GP on one shift from `start` to `end` (aware); without a GP or without length nobody worked.

    `line` is where it stood in its file, for messages; None when it came another way.
    """

    shift_id: str
    gp_id: str
    line: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether this says that nobody worked."""
        return not self.gp_id or self.starts_at == self.ends_at


class Actuals(Value):
    """Everything that was told about what was really worked."""

    worked: tuple[Stretch, ...] = ()
    call_ins: tuple[Stretch, ...] = ()


def read_actuals(folder: Path, findings: Findings) -> Actuals:
    """Read `worked.csv` and `call_ins.csv` beside the roster in `folder`; either may be absent."""
    worked = _read(folder / WORKED, findings, may_be_nobody=True)
    return Actuals(worked=worked, call_ins=_read(folder / CALL_INS, findings, may_be_nobody=False))


def _read(path: Path, findings: Findings, *, may_be_nobody: bool) -> tuple[Stretch, ...]:
    if not path.exists():
        return ()
    rows = read_rows(path, COLUMNS, findings)
    return tuple(found for row in rows if (found := _stretch(row, findings, may_be_nobody)) is not None)


def _stretch(row: Row, findings: Findings, may_be_nobody: bool) -> Stretch | None:
    shift_id = row.identifier("shift_id")
    if may_be_nobody and not row.text("gp_id") and not row.text("start") and not row.text("end"):
        start = end = datetime(2000, 1, 1, tzinfo=UTC)
        gp_id = ""
    else:
        gp_id = "" if may_be_nobody and not row.text("gp_id") else row.identifier("gp_id")
        start, end = _moment(row, "start", findings), _moment(row, "end", findings)
    if row.bad:
        return None
    return Stretch(shift_id=shift_id, gp_id=gp_id, start=start, end=end, line=row.line)


def _moment(row: Row, column: str, findings: Findings) -> datetime:
    """Local time, or a moment with its UTC offset as in roster.csv, which tells both hours of a clock change."""
    cell = row.text(column)
    try:
        return _parsed(cell)
    except (ValueError, OverflowError):
        row.bad = True
        findings.mistakes.append(Mistake(row.file, row.line, column, cell, text("payout.worked.moment")))
        return datetime(2000, 1, 1, tzinfo=UTC)


def _parsed(cell: str) -> datetime:
    if _OFFSET.search(cell) and "T" in cell:
        moment = datetime.fromisoformat(cell).astimezone(AMSTERDAM)
    else:
        moment, _ = parse_moment(cell)
        if moment.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise ValueError(cell)
    if moment.second or moment.microsecond:
        raise ValueError(cell)
    return moment
