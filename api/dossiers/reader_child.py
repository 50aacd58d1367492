"""The process that reads what somebody sent: `python -m api.dossiers.reader_child PATH HDS`.

A file made to exhaust memory or time (a workbook of one cell in the last row and column) takes down this process and
not the service. Its output is one `Outcome` as JSON.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from api.dossiers.outcome import Outcome
from api.dossiers.reading import read_source
from scheduler.errors import DossierError

MOST_MEMORY = 1536 * 2**20
"""Bytes of address space; a dossier of 900 GPs takes a fifth of it."""
MOST_SECONDS = 60
"""Of processor time; the demo dossier takes one."""


def main(path: str, hds_id: str) -> None:
    """Read one dossier and tell what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        outcome = Outcome.of(read_source(Path(path), hds_id))
    except DossierError as error:
        outcome = Outcome.refused(error)
    sys.stdout.write(outcome.model_dump_json())


if __name__ == "__main__":
    main(*sys.argv[1:])
