"""Run one command and turn every foreseen trouble into Dutch and an exit status."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from scheduler.cli.app import app
from scheduler.cli.console import STDERR, show_mistakes, show_trouble
from scheduler.cli.status import Status
from scheduler.cli.usage import usage_trouble
from scheduler.errors import AnwError, DamageError, DossierError
from scheduler.messages import text


def run(arguments: Sequence[str]) -> int:
    """Run `anw` with these arguments and return the exit status."""
    command = typer.main.get_command(app)
    try:
        return int(command.main(list(arguments), prog_name="anw", standalone_mode=False) or Status.FINE)
    except DossierError as error:
        show_mistakes(error.mistakes)
    except DamageError as error:
        show_trouble(str(error))
        return Status.DAMAGED
    except AnwError as error:
        show_trouble(str(error))
    except TyperException as error:
        show_trouble(*usage_trouble(error))
    except (KeyboardInterrupt, typer.Abort):
        STDERR.print(text("cli.aborted"))
        return Status.INTERRUPTED
    return Status.WRONG_INPUT
