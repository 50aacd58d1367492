"""Tests of export, erasure and retention."""
