"""The present moment, asked in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime

from scheduler.domain.time import AMSTERDAM


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present date in Amsterdam."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """A moment with the UTC offset that holds then in Amsterdam: how every time is shown."""
    return moment.astimezone(AMSTERDAM)
