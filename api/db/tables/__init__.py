"""All tables and guards. Import this package before asking `Base.metadata` for them."""

from api.db import guards
from api.db.base import Base
from api.db.tables import (
    audit,
    calls,
    dossier,
    market,
    messages,
    neighbours,
    outbox,
    payouts,
    peak,
    people,
    planning,
    repair,
    rosters,
    runs,
    sickness,
    swaps,
)

__all__ = [
    "Base",
    "audit",
    "calls",
    "dossier",
    "guards",
    "market",
    "messages",
    "neighbours",
    "outbox",
    "payouts",
    "peak",
    "people",
    "planning",
    "repair",
    "rosters",
    "runs",
    "sickness",
    "swaps",
]
