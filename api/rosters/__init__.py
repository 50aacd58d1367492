"""Versions of the roster, publication, and the duties in force."""
