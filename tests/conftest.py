"""What all tests share: one clock, from before the first of them is read, and the same drawn examples each time.

`ANW_TEST_DRAW=1` draws other examples at each run, to search for more.
"""

from __future__ import annotations

import os

from hypothesis import settings

from tests.one_clock import start_clock

start_clock()
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("drawn", deadline=None)
settings.load_profile("drawn" if os.environ.get("ANW_TEST_DRAW") else "repeatable")
