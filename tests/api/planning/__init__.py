"""Tests of the round that leads to a roster."""
