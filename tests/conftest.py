"""What all tests share: one clock, from before the first of them is read, and the same drawn examples each time.

`ANW_TEST_DRAW=1` draws other examples at each run, to search for more; `ANW_TEST_LONG=1` runs what takes long too.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

from tests.one_clock import start_clock

start_clock()
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("drawn", deadline=None)
settings.load_profile("drawn" if os.environ.get("ANW_TEST_DRAW") else "repeatable")
# a process of tests grows to a gigabyte, most of which stays: to look through it all the time is of no use
gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless it is asked for."""
    if os.environ.get("ANW_TEST_LONG") or any("::" in str(one) for one in config.args):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
