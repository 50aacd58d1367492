"""Sickness."""
