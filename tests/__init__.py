"""Tests; each room of the source has its own."""
