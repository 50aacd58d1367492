"""Arguments and options that several commands share, with their Dutch help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.messages import text


def argument(key: str, metavar: str) -> typer.models.ArgumentInfo:
    """An argument whose help is `cli.argument.<key>`."""
    found: typer.models.ArgumentInfo = typer.Argument(metavar=metavar, help=text(f"cli.argument.{key}"))
    return found


def option(
    name: str, key: str, metavar: str | None = None, low: float | None = None, high: float | None = None
) -> typer.models.OptionInfo:
    """An option whose help is `cli.option.<key>`; a number lies from `low` to `high`, both included.

    A switch has no metavar.
    """
    shown = text(f"cli.option.{key}")
    found: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=shown, min=low, max=high)
    return found


MOST = 2**31 - 1
"""The largest seed that the solver takes."""

DossierFolder = Annotated[Path, argument("dossier", "DOSSIER")]
RosterFolder = Annotated[Path, argument("roster", "MAP")]
Seed = Annotated[int, option("--seed", "seed", "GETAL", 0, MOST)]
