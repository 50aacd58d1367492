"""Tests of health, metrics, logs, traces and the page of the API."""
