"""Frames of payment lines as CSV files that read back the same."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd

from scheduler.csv_text import guard_cell, unguard_cell


def frame_csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8 with a header, no cell of which a spreadsheet reads as a formula."""
    return _with_texts(frame, guard_cell).to_csv(index=False, lineterminator="\n").encode()


def read_frame_csv(content: bytes) -> pd.DataFrame:
    """Read the texts of a file of `frame_csv_bytes`, each as it was before; every column holds text."""
    read = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False).astype(object)
    return _with_texts(read, unguard_cell)


def _with_texts(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Change each text of a frame; the same text once, as a year of lines has few of them."""
    changed = frame.copy()
    for name in frame.select_dtypes([object, "str"]).columns:
        texts = (value for value in frame[name].unique() if isinstance(value, str))
        changes = {value: new for value in texts if (new := change(value)) != value}
        if changes:
            changed[name] = frame[name].map(lambda value, changes=changes: changes.get(value, value))
    return changed
