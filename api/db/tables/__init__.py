"""All tables and guards. Import this package before asking `Base.metadata` for them."""

from api.db import guards
from api.db.base import Base
from api.db.tables import audit, dossier, outbox, payouts, people, planning, rosters, runs, swaps

__all__ = ["Base", "audit", "dossier", "guards", "outbox", "payouts", "people", "planning", "rosters", "runs", "swaps"]
