"""Tests of the `anw` command."""
