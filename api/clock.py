"""The present moment, asked in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

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


def to_minute(moment: datetime) -> datetime:
    """The minute that a moment lies in: hours worked are told in whole minutes."""
    return moment.replace(second=0, microsecond=0)


def meet(one: Any, other: Any) -> Any:
    """Whether two spans from `starts_at` to `ends_at` have time in common: rows, or tables in a query."""
    return (one.starts_at < other.ends_at) & (other.starts_at < one.ends_at)
