"""Tests of how much, how deep and how wrong a request may be."""
