"""`anw generate`: a fictitious dossier of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from scheduler.cli.console import say
from scheduler.cli.options import Seed, option


def generate(
    gps: Annotated[int, option("--gps", "gps", "GETAL", 1, 20_000)],
    posts: Annotated[int, option("--posts", "posts", "GETAL", 1, 100)],
    out: Annotated[Path, option("--out", "dossier_out", "DOSSIER")],
    seed: Seed = 1,
) -> None:
    """Generate a dossier and write it."""
    from scheduler.atomic import require_writable
    from scheduler.dossier import write_dossier
    from scheduler.generate import generate as generate_dossier

    require_writable(out)
    dossier = generate_dossier(gps, posts, seed)
    write_dossier(dossier, out)
    say("cli.generated", gps=len(dossier.gps), posts=posts, folder=out)
