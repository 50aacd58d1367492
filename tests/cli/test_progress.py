"""Progress in a log and on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from scheduler.cli.progress import SECONDS_BETWEEN_LINES, ProgressView, progress_line
from scheduler.domain.result import Phase, Progress


def _progress(phase: Phase, seconds: float, **more: float) -> Progress:
    return Progress(phase=phase, seconds=seconds, shifts=1200, filled=1100, **more)  # type: ignore[arg-type]


def test_a_line_tells_what_is_known() -> None:
    """Figures that are not known yet are left out; the others are written the Dutch way."""
    assert progress_line(_progress(Phase.SHARES, 0.4)) == "0 s  streefuren: 1.100 van 1.200 diensten bezet"
    full = _progress(Phase.EXCHANGE, 12, largest_deviation=0.756, lower_bound=0.5, soft_cost=412.25)
    assert progress_line(full) == (
        "12 s  ruilen: 1.100 van 1.200 diensten bezet, grootste afwijking 0,76, ondergrens 0,50, wensen kosten 412,2"
    )


def test_a_log_gets_a_line_for_each_phase_and_now_and_then() -> None:
    """A file is not flooded: new phases are told at once, the same phase after a while."""
    out = io.StringIO()
    with ProgressView(Console(file=out, width=200)) as view:
        for seconds in (0.0, 0.1, SECONDS_BETWEEN_LINES - 0.1, SECONDS_BETWEEN_LINES):
            view.show(_progress(Phase.PLACE, seconds))
        view.show(_progress(Phase.EXCHANGE, SECONDS_BETWEEN_LINES + 0.1))
        view.say("gestopt")
    assert [line.split()[:3] for line in out.getvalue().splitlines()] == [
        ["0", "s", "plaatsen:"],
        ["10", "s", "plaatsen:"],
        ["10", "s", "ruilen:"],
        ["gestopt"],
    ]


def test_a_terminal_shows_one_line_that_goes_away() -> None:
    """The newest figures stand on a line that is redrawn and cleared at the end."""
    out = io.StringIO()
    with ProgressView(Console(file=out, width=200, force_terminal=True)) as view:
        view.show(_progress(Phase.PLACE, 1))
        view.show(_progress(Phase.EXCHANGE, 2))
    assert "ruilen" in out.getvalue()
    assert out.getvalue().rstrip().endswith("\x1b[2K")
