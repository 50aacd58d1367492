"""Tests of the people of an HDS."""
