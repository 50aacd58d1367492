"""Tests of scheduler.swaps."""
