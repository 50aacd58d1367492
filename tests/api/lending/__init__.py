"""Tests of what HDSs lend each other."""
