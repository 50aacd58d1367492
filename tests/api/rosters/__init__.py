"""Tests of versions of the roster, publication and the roster in force."""
