"""The list of commands."""

from __future__ import annotations

import typer

from scheduler.cli import calendar, check, explain, export, generate, import_, payout, roster
from scheduler.cli.usage import DutchCommand, DutchGroup, speak_dutch
from scheduler.messages import text

speak_dutch()

app = typer.Typer(
    name="anw",
    cls=DutchGroup,
    help=text("cli.help.anw"),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for _name, _command in (
    ("roster", roster.roster),
    ("check", check.check),
    ("explain", explain.explain),
    ("import", import_.import_),
    ("export", export.export),
    ("calendar", calendar.calendar),
    ("generate", generate.generate),
):
    app.command(_name, cls=DutchCommand, help=text(f"cli.command.{_name}"))(_command)

app.add_typer(payout.app, name="payout", help=text("cli.command.payout"))
