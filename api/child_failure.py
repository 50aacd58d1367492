"""The end of a process apart that gave no answer, and what it wrote about it before it died."""

from __future__ import annotations

import re

LONGEST_OUTPUT = 32 * 1024
"""Bytes of its error output that are kept: a traceback of a hundred places."""
_PLACE = re.compile(r'^\s+File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>[\w.<>]+)', re.MULTILINE)
_TYPE = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)
_BEGIN = "Traceback (most recent call last):"


class ChildFailed(Exception):
    """A process apart ended without an answer; to ask it again may help.

    `status` is its exit status, negative for the signal that ended it, None where it was given up while it lived.
    `output` is the end of its error output, which may quote what it worked on: it is read by `read_traceback` alone.
    """

    def __init__(self, status: int | None, output: bytes = b"") -> None:
        super().__init__(f"exit status {status}")
        self.status, self.output = status, output[-LONGEST_OUTPUT:].decode(errors="replace")

    def read_traceback(self) -> tuple[str | None, list[str]]:
        """The type of the error that the process died of, and the places in the code; nothing of what it says."""
        _, begin, rest = self.output.rpartition(_BEGIN)
        if not begin:
            return None, []
        places = list(_PLACE.finditer(rest))
        kind = _TYPE.search(rest, places[-1].end() if places else 0)
        return kind["type"] if kind else None, [_describe(place) for place in places]


def _describe(place: re.Match[str]) -> str:
    return f"{'/'.join(place['file'].split('/')[-3:])}:{place['line']} {place['name']}"
