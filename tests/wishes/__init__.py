"""Tests of the soft parts."""
