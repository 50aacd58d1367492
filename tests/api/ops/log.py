"""The log of a running service, line by line, for tests that read it."""

from __future__ import annotations

import json
from typing import Any

import pytest


class Log:
    """What was written to standard error so far, line by line."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured
        self.text = ""

    def lines(self) -> list[dict[str, Any]]:
        """Every line as JSON."""
        self.text += self._captured.readouterr().err
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The lines about one event."""
        return [line for line in self.lines() if line["event"] == event]
