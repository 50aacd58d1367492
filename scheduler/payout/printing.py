"""Statements as PDF, made by as many processes as there are cores.

`python -m scheduler.payout.printing` is one such process: pages by name come in as JSON, PDFs in base64 go out.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from scheduler.errors import OutputError
from scheduler.messages import text

WORTH_A_PROCESS = 30
_MOST_PROCESSES = 4


class PdfUnavailable(OutputError):
    """The system libraries that make PDF files are missing."""

    code = "pdf_unavailable"


def pdf_writer() -> Callable[[str], bytes]:
    """A function from page to PDF; raises PdfUnavailable, saying what to install, where libraries are missing."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - loads system libraries that may be missing
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    except (OSError, ImportError) as error:
        raise PdfUnavailable(text("payout.statement.no_pdf", reason=str(error).splitlines()[0])) from error
    fonts = FontConfiguration()

    def write(page: str) -> bytes:
        return bytes(HTML(string=page).write_pdf(font_config=fonts))

    return write


def pdfs_of(pages: Mapping[str, str]) -> dict[str, bytes]:
    """The PDF of each page under the same name; raises PdfUnavailable where none can be made.

    A part whose process fails is made here instead.
    """
    write = pdf_writer()
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(pages) // WORTH_A_PROCESS)
    if processes < 2:
        return {name: write(page) for name, page in pages.items()}
    parts = [dict(list(pages.items())[first::processes]) for first in range(processes)]
    with ThreadPoolExecutor(processes) as pool:
        made = list(pool.map(_elsewhere, parts))
    found: dict[str, bytes] = {}
    for part, done in zip(parts, made, strict=True):
        found |= {name: write(page) for name, page in part.items()} if done is None else done
    return found


def _elsewhere(pages: Mapping[str, str]) -> dict[str, bytes] | None:
    """The PDFs made by another process; None when that fails."""
    command = [sys.executable, "-m", __name__]
    try:
        answer = subprocess.run(command, input=json.dumps(pages).encode(), capture_output=True, check=True)
        found = {name: base64.b64decode(content) for name, content in json.loads(answer.stdout).items()}
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return found if found.keys() == pages.keys() else None


def main() -> None:
    """Read pages from standard input and write their PDFs to standard output."""
    write = pdf_writer()
    pages: dict[str, str] = json.load(sys.stdin.buffer)
    made = {name: base64.b64encode(write(page)).decode() for name, page in pages.items()}
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()
