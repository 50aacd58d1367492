"""The clock of these tests stands on a Monday in January 2027."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.api.sickness.ward import MONDAY, at


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, which a test may move on."""
    with time_machine.travel(at(MONDAY), tick=False) as found:
        yield found
