"""What a service does of its own accord: whoever carries out runs does this too."""

from __future__ import annotations

from api.audit.head_notes import HeadNotes
from api.clock import now
from api.db.engine import Database
from api.jobs.rounds import Chore
from api.messages.upkeep import call_webhooks, send_mail, spread_events
from api.peak.taking import tell_those_let_in
from api.planning.upkeep import carry_on
from api.privacy.retention import apply_retention
from api.repair.carrying import Repairs
from api.repair.deciding import expire as expire_repairs
from api.settings import Settings
from api.sickness.chore import advance
from api.swaps import turns
from api.swaps.expiry import expire
from api.swaps.rings import search_where_due

RETENTION_SECONDS = 6 * 3600.0
EXPIRY_SECONDS = 60.0
RINGS_SECONDS = 600.0
ROUND_SECONDS = 30.0
TELLING_SECONDS = 3.0
SICKNESS_SECONDS = 5.0
REPAIR_SECONDS = 0.5
HEADS_SECONDS = 3600.0


def chores_of(database: Database, settings: Settings) -> tuple[Chore, ...]:
    """Erase what is past its term, end offers and deals in time, carry repairs out, tell people, log heads."""
    return (
        Chore("retention", RETENTION_SECONDS, lambda: apply_retention(database, now())),
        Chore("expiry", EXPIRY_SECONDS, lambda: expire(database, now())),
        Chore("open shifts", EXPIRY_SECONDS, lambda: tell_those_let_in(database, now())),
        Chore("turns", EXPIRY_SECONDS, lambda: turns.tell_those_let_in(database, now())),
        Chore("repairs", REPAIR_SECONDS, Repairs(database, settings.worker_dead_seconds).carry_out),
        Chore("repair expiry", EXPIRY_SECONDS, lambda: expire_repairs(database, now())),
        Chore("sickness", SICKNESS_SECONDS, lambda: advance(database, now())),
        Chore("rings", RINGS_SECONDS, lambda: search_where_due(database, now())),
        Chore("rounds", ROUND_SECONDS, lambda: carry_on(database, now())),
        Chore("spreading", TELLING_SECONDS, lambda: spread_events(database, settings, now())),
        Chore("mail", TELLING_SECONDS, lambda: send_mail(database, settings)),
        Chore("audit heads", HEADS_SECONDS, HeadNotes(database).note),
        Chore("webhooks", TELLING_SECONDS, lambda: call_webhooks(database, settings)),
    )
