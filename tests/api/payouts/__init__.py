"""Tests of pay by the service."""
