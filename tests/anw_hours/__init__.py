"""Tests of the clock against who is on duty."""
