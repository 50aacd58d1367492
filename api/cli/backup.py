"""`anw backup` and `anw restore`: a service put away while it runs, and put back where nothing stands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from scheduler.cli.console import say
from scheduler.cli.options import argument, option

Backup = Annotated[Path, argument("backup", "MAP")]
Data = Annotated[Path | None, option("--data", "data", "MAP")]


def backup(folder: Backup, data: Data = None) -> None:
    """Put database, jobs and secret into `folder`, with the heads of the audit trail; the service goes on."""
    from api.backup.making import make_backup
    from api.cli.environment import DATA_FOLDER, open_database, read_environment
    from api.data_folder import SECRET, ensure_secret

    place = data or DATA_FOLDER
    database = open_database(data)
    database.close()
    if data is None and "ANW_DATABASE_URL" in os.environ:
        secret = read_environment().secret.get_secret_value()
    else:
        secret = os.environ.get("ANW_SECRET", "") or (ensure_secret(place) if (place / SECRET).exists() else "")
    manifest = make_backup(database.url, secret, folder)
    say("backup.made", folder=folder, heads=len(manifest.heads), ledgers=len(manifest.ledgers))


def restore(folder: Backup, data: Data = None) -> None:
    """Check a backup whole and put it back: into `--data`, or into the empty database of the environment."""
    from api.backup.restoring import restore_folder, restore_server
    from api.cli.environment import DATA_FOLDER, reach_database, read_environment

    if data is None and "ANW_DATABASE_URL" in os.environ:
        settings = read_environment()
        reach_database(settings.database_url).close()
        manifest = restore_server(folder, settings.database_url, settings.secret.get_secret_value())
    else:
        manifest = restore_folder(folder, data or DATA_FOLDER)
    say("backup.restored", made_at=manifest.made_at, heads=len(manifest.heads), ledgers=len(manifest.ledgers))
