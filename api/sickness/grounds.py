"""The rosters in force that one transaction looks at, each opened once, before it changes anything of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from api.swaps.grounds import Field, field_of
from scheduler.domain.dossier import Dossier
from scheduler.swaps.situation import Situation


@dataclass
class Grounds:
    """Opened by the dossier they come from; for a transaction in which no verdict hangs on what it changed itself."""

    session: Session
    _fields: dict[int, Field] = field(default_factory=dict)
    _situations: dict[int, Situation] = field(default_factory=dict)

    def field(self, dossier_id: int) -> Field:
        """The dossier with its shifts."""
        if dossier_id not in self._fields:
            self._fields[dossier_id] = field_of(self.session, dossier_id)
        return self._fields[dossier_id]

    def dossier(self, dossier_id: int) -> Dossier:
        """The dossier alone."""
        return self.field(dossier_id).ground.dossier

    def situation(self, dossier_id: int) -> Situation:
        """Who does what, of everybody."""
        if dossier_id not in self._situations:
            self._situations[dossier_id] = self.field(dossier_id).situation(self.session)
        return self._situations[dossier_id]
