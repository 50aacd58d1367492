"""Tests of the catalogue of Dutch texts."""
