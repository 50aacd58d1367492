"""Help and wrong use of the command line in Dutch; typer speaks English only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from scheduler.messages import text

if TYPE_CHECKING:
    from typer.core import TyperOption


class _DutchHelp:
    """The help option with a Dutch text."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """The option, made by typer, with our words."""
        option: TyperOption | None = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = text("cli.help.help")
        return option


class DutchCommand(_DutchHelp, TyperCommand):
    """A command with help in Dutch."""


class DutchGroup(_DutchHelp, TyperGroup):
    """A group of commands with help in Dutch."""


def speak_dutch() -> None:
    """Replace the fixed English words on typer's help pages."""
    rich_utils.ARGUMENTS_PANEL_TITLE = text("cli.help.arguments")
    rich_utils.OPTIONS_PANEL_TITLE = text("cli.help.options")
    rich_utils.COMMANDS_PANEL_TITLE = text("cli.help.commands")
    rich_utils.DEFAULT_STRING = text("cli.help.default")
    rich_utils.REQUIRED_LONG_STRING = text("cli.help.required")


def usage_trouble(error: TyperException) -> tuple[str, str]:
    """What is wrong with the arguments, and where to find help.

    typer keeps the classes of these errors to itself, so they are told apart by name.
    """
    param = getattr(error, "param", None)
    name = _shown(param) if param else str(getattr(error, "option_name", ""))
    key = type(error).__name__
    known = ("NoSuchOption", "MissingParameter", "BadParameter", "BadOptionUsage", "NoSuchCommand")
    if key == "UsageError" and error.message.startswith("No such command"):
        key = "NoSuchCommand"
    why = text(f"cli.usage.{key if key in known else 'other'}", name=name, expected=_expected(param))
    context = getattr(error, "ctx", None)
    return why, text("cli.usage.hint", command=context.command_path if context else "anw")


def _shown(param: Any) -> str:
    return str(param.opts[-1] if param.param_type_name == "option" else param.metavar or param.name)


def _expected(param: Any) -> str:
    kind = getattr(param, "type", None)
    name = {"integer range": "integer", "float range": "float"}.get(
        getattr(kind, "name", ""), getattr(kind, "name", "")
    )
    key = name if name in ("integer", "float") else "text"
    low = getattr(kind, "min", None)
    return text(f"cli.usage.expected.{key}" + ("_from" if low is not None else ""), low=low)
