"""Tests of the nouns that all rooms share."""
