"""The moment at which these tests play: before the periods of their dossiers, whatever the calendar says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

MOMENT = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """1 December 2026, with a clock that ticks."""
    with time_machine.travel(MOMENT, tick=True):
        yield
