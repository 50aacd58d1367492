"""Tests of the CP-SAT model."""
