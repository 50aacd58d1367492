"""What the commands say on the terminal: answers on standard output, trouble and progress on standard error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scheduler.errors import Mistake
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.dossier import Notice

_WIDTH_IN_A_FILE = 160

STDOUT = Console(highlight=False)
STDERR = Console(stderr=True, highlight=False)
for _console in (STDOUT, STDERR):
    if not _console.is_terminal:
        _console.width = _WIDTH_IN_A_FILE


def say(key: str, **values: object) -> None:
    """An answer of one line on standard output; `key` is its text in the catalogue."""
    STDOUT.print(escape(text(key, **values)), soft_wrap=True)


def show_trouble(*lines: str) -> None:
    """Say what went wrong on standard error, the first line in red."""
    for number, line in enumerate(lines):
        STDERR.print(escape(line), style="" if number else "bold red", soft_wrap=True)


def show_mistakes(mistakes: Sequence[Mistake]) -> None:
    """Every mistake with its place on standard error; as plain lines when no one is looking at a terminal."""
    key = "one" if len(mistakes) == 1 else "many"
    show_trouble(text(f"cli.mistakes.{key}", count=len(mistakes)))
    if STDERR.is_terminal:
        STDERR.print(_mistake_table(mistakes))
        return
    header = (text(f"cli.mistakes.{name}") for name in ("file", "line", "column", "found", "expected"))
    for cells in (header, *map(_cells, mistakes)):
        STDERR.print(escape(" | ".join(cells)), soft_wrap=True)


def _mistake_table(mistakes: Sequence[Mistake]) -> Table:
    table = plain_table("cli.mistakes", "file", "line", "column", "found", "expected")
    for mistake in mistakes:
        table.add_row(*map(escape, _cells(mistake)))
    return table


def _cells(mistake: Mistake) -> tuple[str, str, str, str, str]:
    found = mistake.found if mistake.found else text("cli.mistakes.nothing")
    line = "" if mistake.line is None else str(mistake.line)
    return mistake.file, line, mistake.column or "", found.replace("\n", " "), mistake.expected


def plain_table(room: str, *columns: str, title: str = "") -> Table:
    """An empty table without boxes; the headings are `room.column` in the catalogue."""
    table = Table(box=None, pad_edge=False, header_style="bold", title=title or None, title_justify="left")
    for column in columns:
        table.add_column(text(f"{room}.{column}"))
    return table


def show_notices(notices: Sequence[Notice]) -> None:
    """What was understood though it stood there differently, the same notice about several files in one line."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for notice in notices:
        place = notice.file if notice.line is None else f"{notice.file}:{notice.line}"
        files[notice.text].append(place)
    for said, places in files.items():
        STDERR.print(escape(text("cli.notice", text=said, files=", ".join(places))), style="dim", soft_wrap=True)
