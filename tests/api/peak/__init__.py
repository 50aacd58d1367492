"""Tests of extra shifts, call-ins and open shifts."""
