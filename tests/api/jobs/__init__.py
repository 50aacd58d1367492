"""Tests of durable jobs, with real worker processes that are killed."""
