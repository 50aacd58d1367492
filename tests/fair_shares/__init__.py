"""Tests of the fair shares."""
