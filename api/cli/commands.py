"""The list of commands of the service."""

from __future__ import annotations

from collections.abc import Callable

import typer

from api.cli import audit, backup, migrate, people, serve, worker
from scheduler.cli.app import app
from scheduler.cli.usage import DutchCommand, DutchGroup
from scheduler.messages import text


def add_commands() -> None:
    """Put the commands of the service beside those of the engine."""
    commands = (serve.serve, migrate.migrate, worker.worker, backup.backup, backup.restore)
    for name, command in ((one.__name__, one) for one in commands):
        app.command(name, cls=DutchCommand, help=text(f"service.command.{name}"))(command)
    _add_group("hds", add=people.add_hds)
    _add_group("user", grant=people.grant, password=people.password)
    trail = typer.Typer(cls=DutchGroup, help=text("service.command.audit"), no_args_is_help=True)
    trail.command("verify", cls=DutchCommand, help=text("service.command.audit_verify"))(audit.verify)
    app.add_typer(trail, name="audit", help=text("service.command.audit"))


def _add_group(group: str, **commands: Callable[..., None]) -> None:
    found = typer.Typer(cls=DutchGroup, help=text(f"service.command.{group}"), no_args_is_help=True)
    for name, command in commands.items():
        found.command(name, cls=DutchCommand, help=text(f"service.command.{group}_{name}"))(command)
    app.add_typer(found, name=group, help=text(f"service.command.{group}"))
