"""Tests of repairs of the roster in force."""
