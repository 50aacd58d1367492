"""What the process aside is asked: the one contract between both ends of the pipe."""

from __future__ import annotations

from typing import Literal

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.domain.value import Value


class AsideRequest(Value):
    """One piece of heavy work on a version.

    `report`: the HTML page. `output`: a zip of all files that `anw roster` writes. `explain_gp`: JSON of `Explained`
    about `gp_id`, in the GP's own view with `for_gp`.
    """

    task: Literal["report", "output", "explain_gp"]
    dossier: Dossier
    result: RosterResult
    gp_id: str = ""
    for_gp: bool = False
