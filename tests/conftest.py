"""What all tests share: one clock, from before the first of them is read."""

from __future__ import annotations

from tests.one_clock import start_clock

start_clock()
