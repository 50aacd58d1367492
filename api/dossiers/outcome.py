"""What the process that reads a dossier tells the service."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from pydantic import BaseModel

from api.dossiers.schemas import Notice
from api.errors import MOST_MISTAKES_OF_A_FILE
from scheduler.domain.dossier import Dossier
from scheduler.dossier.reading import DossierReading
from scheduler.errors import DossierError, Mistake


class Outcome(BaseModel):
    """A dossier with notices about it, or its mistakes (the first `MOST_MISTAKES_OF_A_FILE` of `count`)."""

    dossier: Dossier | None = None
    notices: list[Notice] = []
    mistakes: list[Mistake] = []
    count: int = 0

    @classmethod
    def of(cls, reading: DossierReading) -> Self:
        """The outcome of a reading without mistakes."""
        return cls(dossier=reading.dossier, notices=[Notice(**asdict(notice)) for notice in reading.notices])

    @classmethod
    def refused(cls, error: DossierError) -> Self:
        """The outcome of a reading with mistakes."""
        return cls(mistakes=list(error.mistakes[:MOST_MISTAKES_OF_A_FILE]), count=len(error.mistakes))
