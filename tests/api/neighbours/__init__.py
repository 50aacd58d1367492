"""Tests of persons at several HDSs, and of neighbours."""
