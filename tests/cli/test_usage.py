"""Help and wrong use, in Dutch and with status 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli.run import run

COMMANDS = ("roster", "check", "explain", "import", "export", "calendar", "generate")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_dutch(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of a command names its arguments and has no English left in it."""
    assert run([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Laat deze uitleg zien" in shown
    assert not {"Options", "Arguments", "Show this message", "required", "default:"} & set(shown.split())


def test_the_command_alone_shows_the_list_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments the commands are listed, with status 2 and no complaint."""
    assert run([]) == 2
    captured = capsys.readouterr()
    assert all(command in captured.out for command in COMMANDS)
    assert captured.err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["roster"], "ontbreekt"),
        (["roster", "D"], "--out ontbreekt"),
        (["check", "D"], "MAP ontbreekt"),
        (["bestaatniet"], "commando bestaat niet"),
        (["check", "D", "R", "--snel"], "--snel bestaat niet"),
        (["check", "D", "R", "nog een"], "te veel of te weinig"),
        (["roster", "D", "--out"], "--out"),
        (["roster", "D", "--out", "O", "--time-limit", "lang"], "--time-limit klopt niet; verwacht: een getal van 1"),
        (["roster", "D", "--out", "O", "--time-limit", "0.5"], "--time-limit klopt niet"),
        (["roster", "D", "--out", "O", "--time-limit", "nan"], "--time-limit klopt niet"),
        (["roster", "D", "--out", "O", "--time-limit", "inf"], "--time-limit klopt niet"),
        (["roster", "D", "--out", "O", "--workers", "0"], "--workers klopt niet; verwacht: een heel getal van 1"),
        (["roster", "D", "--out", "O", "--seed", "-1"], "--seed klopt niet"),
        (["roster", "D", "--out", "O", "--seed", "1.5"], "--seed klopt niet"),
        (["generate", "--gps", "0", "--posts", "1", "--out", "O"], "--gps klopt niet"),
        (["explain", "D", "R"], "--shift óf --gp"),
        (["explain", "D", "R", "--shift", "S", "--gp", "G"], "--shift óf --gp"),
    ],
)
def test_wrong_use_is_told_in_dutch(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, what is wrong and where to find help, on standard error."""
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "--help" in captured.err
    assert captured.out == ""


def test_help_and_check_do_without_the_solver_and_the_charts(folder: object, roster: Path) -> None:
    """They stay quick: neither the solver nor the libraries of the report are loaded."""
    script = (
        "import sys\nfrom scheduler.cli.run import run\n"
        f"status = run({['check', str(folder.path), str(roster)]!r})\n"  # type: ignore[attr-defined]
        "slow = {'ortools', 'altair', 'pandas', 'weasyprint', 'scheduler.solve', 'scheduler.model'}\n"
        "heavy = slow & set(sys.modules)\n"
        "sys.exit(f'{status} {heavy}' if status or heavy else 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
