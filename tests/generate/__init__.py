"""Tests of the generated dossiers."""
