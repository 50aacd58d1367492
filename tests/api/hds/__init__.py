"""Tests of the HDS itself."""
