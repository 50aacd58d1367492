"""The files of closed runs as they go out: the sealed ones as they are, PDF statements made when asked for."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from threading import Lock
from types import MappingProxyType

from fastapi import Response
from sqlalchemy.orm import Session

from api.db.tables.payouts import PaymentRun
from api.errors import Problem
from api.payouts.store import StoredFiles, altered
from scheduler.messages import text

MEDIA_TYPES = MappingProxyType(
    {
        ".csv": "text/csv; charset=utf-8", ".html": "text/html; charset=utf-8", ".json": "application/json",
        ".pdf": "application/pdf", ".xml": "application/xml",
    }
)  # fmt: skip
_SHOWN = frozenset({".html", ".pdf"})
_STATIC = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_PRINTING = Lock()


def content_of(session: Session, run: PaymentRun, name: str) -> bytes:
    """A file of a closed run, checked against the hash it was sealed by; a PDF is made of the page of the same name.

    Raises Problem `not_found`, `payout_ledger_altered`, or `pdf_unavailable` where the system can't make PDF.
    """
    files = StoredFiles(session, run.hds_id, run.number)
    page = name.removesuffix(".pdf") + ".html"
    if name in files:
        return _checked(run, name, files[name])
    if name.endswith(".pdf") and page in files:
        return _printed(_checked(run, page, files[page]).decode())
    raise Problem("not_found", text("payouts.no_file", name=name))


def _checked(run: PaymentRun, name: str, content: bytes) -> bytes:
    sealed = run.record["files"].get(name)
    if sealed is not None:
        require_sealed(f"run {run.number:04}: {name}", content, sealed)
    return content


def require_sealed(place: str, content: bytes, sealed: str) -> None:
    """Raise Problem `payout_ledger_altered` naming `place` unless `content` has the hash that it was sealed by."""
    if hashlib.sha256(content).hexdigest() != sealed:
        raise altered(place)


def _printed(page: str) -> bytes:
    """One at a time: the font caches below are shared by all threads."""
    from scheduler.payout.printing import PdfUnavailable, pdf_writer

    try:
        with _PRINTING:
            return pdf_writer()(page)
    except PdfUnavailable as error:
        raise Problem("pdf_unavailable", str(error)) from error


def as_file(content: bytes, name: str) -> Response:
    """The answer with a file: pages and PDF to look at, anything else to keep; no script of it ever runs."""
    suffix = PurePosixPath(name).suffix
    place = "inline" if suffix in _SHOWN else "attachment"
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in name)
    headers = {
        "Content-Disposition": f'{place}; filename="{safe}"', "Content-Security-Policy": _STATIC,
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    }  # fmt: skip
    return Response(content, media_type=MEDIA_TYPES.get(suffix, "application/octet-stream"), headers=headers)
