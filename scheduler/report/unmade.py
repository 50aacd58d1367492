"""The page in the place of a report that could not be made; it needs no template and no chart."""

from __future__ import annotations

from traceback import format_exception

from markupsafe import escape

from scheduler.messages import text


def unmade_page(error: Exception) -> str:
    """One HTML page that says that the roster stands and the report does not, with the error for who mends it."""
    title, said, trace = (
        text("report.unmade.title"),
        text("report.unmade.said"),
        "".join(format_exception(error)),
    )
    return (
        f'<!doctype html>\n<html lang="nl"><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<h1>{escape(title)}</h1>\n<p>{escape(said)}</p>\n<pre>{escape(trace)}</pre>\n</html>\n"
    )
