"""From the id of a GP in a request to the number in the tables."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from api.rosters import repository
from api.rosters.filters import Asked, Filters

_NOBODY = 0
"""No GP has this number."""


def filters_with_gp(session: Session, hds_id: str, asked: Asked) -> Filters:
    """The filters with the number of the GP that is asked for; an unknown GP has no shifts."""
    if asked.gp_id is None:
        return asked.filters
    return replace(asked.filters, gp_number=repository.number_of_gp(session, hds_id, asked.gp_id) or _NOBODY)
