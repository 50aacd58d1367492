"""Live progress of a run: one line that changes on a terminal, plain lines in a log."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner

from scheduler.cli.console import STDERR
from scheduler.domain.result import Phase, Progress
from scheduler.messages import text
from scheduler.messages.dutch import number

SECONDS_BETWEEN_LINES = 10.0
"""In a log: a line at each new phase, and at least this far apart within one."""


class ProgressView:
    """Shows what the engine tells; `show` may be called from any thread."""

    def __init__(self, console: Console = STDERR) -> None:
        self._console = console
        self._live = Live(console=console, transient=True, refresh_per_second=8) if console.is_terminal else None
        self._lock = threading.Lock()
        self._told: tuple[Phase, float] | None = None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def say(self, line: str) -> None:
        """A line that stays."""
        self._console.print(escape(line), style="yellow")

    def show(self, progress: Progress) -> None:
        """The newest figures."""
        with self._lock:
            if self._live:
                self._live.update(Spinner("dots", escape(progress_line(progress))))
            elif self._is_news(progress):
                self._told = progress.phase, progress.seconds
                self._console.print(escape(progress_line(progress)), soft_wrap=True)

    def _is_news(self, progress: Progress) -> bool:
        if self._told is None or self._told[0] is not progress.phase:
            return True
        return progress.seconds - self._told[1] >= SECONDS_BETWEEN_LINES


def progress_line(progress: Progress) -> str:
    """Phase, filled shifts, largest deviation against its bound, soft cost and seconds, as far as known."""
    phase = text(f"terms.phase.{progress.phase}")
    known = [text("cli.progress.filled", filled=number(progress.filled), shifts=number(progress.shifts))]
    if progress.largest_deviation is not None:
        known.append(text("cli.progress.deviation", deviation=number(progress.largest_deviation, 2)))
    if progress.lower_bound is not None:
        known.append(text("cli.progress.bound", bound=number(progress.lower_bound, 2)))
    if progress.soft_cost is not None:
        known.append(text("cli.progress.cost", cost=number(progress.soft_cost, 1)))
    return text("cli.progress.line", seconds=number(progress.seconds), phase=phase, known=", ".join(known))
