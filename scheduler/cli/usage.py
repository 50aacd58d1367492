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


def usage_trouble(error: TyperException) -> tuple[str, ...]:
    """What is wrong with the arguments, and where to find help; nothing when the help itself was just shown.

    typer keeps the classes of these errors to itself, so they are told apart by name.
    """
    key = type(error).__name__
    if key == "NoArgsIsHelpError":
        return ()
    param = getattr(error, "param", None)
    if key == "BadParameter" and param is None:
        why = error.message
    else:
        why = text(f"cli.usage.{_known(key, error.message)}", name=_name(error, param), expected=_expected(param))
    context = getattr(error, "ctx", None)
    return why, text("cli.usage.hint", command=context.command_path if context else "anw")


def _known(key: str, message: str) -> str:
    if message.startswith("No such command"):
        return "NoSuchCommand"
    return key if key in ("NoSuchOption", "MissingParameter", "BadParameter", "BadOptionUsage") else "other"


def _name(error: TyperException, param: Any) -> str:
    if param is None:
        return str(getattr(error, "option_name", ""))
    return str(param.opts[-1] if param.param_type_name == "option" else param.metavar or param.name)


def _expected(param: Any) -> str:
    kind = param.type_descriptor.annotation if param is not None else str
    if kind not in (int, float):
        return text("cli.usage.expected.text")
    return text(f"cli.usage.expected.{'whole' if kind is int else 'number'}", low=param.min, high=param.max)
