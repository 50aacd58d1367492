"""The list of commands of the service."""

from __future__ import annotations

import typer

from api.cli import audit, migrate, serve, worker
from scheduler.cli.app import app
from scheduler.cli.usage import DutchCommand, DutchGroup
from scheduler.messages import text


def add_commands() -> None:
    """Put the commands of the service beside those of the engine."""
    for name, command in (("serve", serve.serve), ("migrate", migrate.migrate), ("worker", worker.worker)):
        app.command(name, cls=DutchCommand, help=text(f"service.command.{name}"))(command)
    trail = typer.Typer(cls=DutchGroup, help=text("service.command.audit"), no_args_is_help=True)
    trail.command("verify", cls=DutchCommand, help=text("service.command.audit_verify"))(audit.verify)
    app.add_typer(trail, name="audit", help=text("service.command.audit"))
