"""Tests of dossiers in the store."""
