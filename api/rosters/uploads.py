"""What is uploaded, read as far as it may be large."""

from __future__ import annotations

from fastapi import UploadFile

from api.errors import Problem
from scheduler.messages import text

LARGEST_ROSTER = 20 * 1024 * 1024
"""Bytes of a `roster.csv`; that of a region of 14,000 shifts takes 1.5 MB."""


def read_upload(file: UploadFile) -> bytes:
    """The content of an uploaded file; raises Problem `too_large`."""
    content = file.file.read(LARGEST_ROSTER + 1)
    if len(content) > LARGEST_ROSTER:
        raise Problem("too_large", text("rosters.too_large", megabytes=LARGEST_ROSTER // 1024**2))
    return content
