"""Tests of the payout."""
