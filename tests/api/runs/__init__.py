"""Tests of runs as users see them."""
