"""Tests of swaps in the service."""
