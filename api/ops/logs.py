"""Logs as lines of JSON that hold no personal data: what is not on the list below is never written.

Log with `structlog.get_logger().info("what_happened", run_id=...)`: the event is a fixed name, everything else a field
of `FIELDS`. Libraries log through the same door; of what they say only fixed texts pass, never the values filled in.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from api.child_failure import ChildFailed
from api.settings import Settings

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "request_id", "trace_id", "method", "route", "status", "ms", "code", "user_id",
        "hds_id", "dossier_id", "version_id", "run_id", "region_run_id", "executor_id", "phase", "state", "attempt",
        "count", "seconds", "error", "where", "logger", "said", "constraint", "work", "repair_id", "round_id",
        "case_id", "report_id", "delivery_id", "child_error", "child_where", "child_status", "chain",
        "seq", "hash",
    }
)  # fmt: skip
"""Every field that may stand in a log: numbers, ids of our own, names of code; none comes from a user's hand."""
_EVENT = re.compile(r"[a-z][a-z0-9_.]{0,60}")
_TRUSTED = ("uvicorn", "alembic")
_FRAMES = 25
_OURS = tuple(Path(__file__).resolve().parents[2] / name for name in ("api", "scheduler"))
_log = structlog.get_logger()


def set_up_logs(settings: Settings) -> None:
    """Let this process log to standard error: our own events and those of every library."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.WriteLogger(_stderr()),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _OfLibraries)]
    root.addHandler(_OfLibraries())
    root.setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(level)
        logger.propagate = name != "uvicorn.access"


def _stderr() -> TextIO:
    return sys.stderr


def keep_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not listed, and any event that is a sentence instead of a name."""
    kept = {name: value for name, value in event.items() if name in FIELDS}
    if not _EVENT.fullmatch(str(kept.get("event", ""))):
        kept["event"] = "unnamed"
    return kept


def log_error(error: BaseException, event: str = "unhandled_error", **fields: Any) -> None:
    """Log an error by its type and the places in the code it went through, without what it says."""
    _log.error(event, error=list(_kinds(error)), where=_places(error), **_of_child(error), **fields)


def _of_child(error: BaseException) -> dict[str, Any]:
    """What became of a process apart whose end is the error, or what the error came from."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, ChildFailed):
        seen = seen.__cause__ or seen.__context__
    if seen is None:
        return {}
    kind, places = seen.read_traceback()
    return {"child_status": seen.status, "child_error": kind, "child_where": places[-_FRAMES:]}


def _kinds(error: BaseException) -> Iterator[str]:
    """The type of the error and of those that it came from."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return
        yield f"{type(seen).__module__}.{type(seen).__qualname__}"
        seen = seen.__cause__ or seen.__context__


def _places(error: BaseException) -> list[str]:
    """Where the error went through our own code, and where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames[:-1] if _is_ours(Path(frame.filename))]
    return [_place(frame) for frame in (*own, *frames[-1:])][-_FRAMES:]


def _is_ours(file: Path) -> bool:
    return any(file.is_relative_to(ours) for ours in _OURS)


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


class _OfLibraries(logging.Handler):
    """Passes on what libraries log: where in their code, which error, and the fixed text of those that we know."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record by way of our own list of fields."""
        fields: dict[str, Any] = {"logger": record.name, "where": [f"{record.module}:{record.lineno}"]}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= {"error": list(_kinds(record.exc_info[1])), "where": _places(record.exc_info[1])}
        # the text before values are filled in; a library that fills them in itself (f-strings) is not quoted
        if record.args or record.name.startswith(_TRUSTED):
            fields["said"] = str(record.msg).strip()
        _log.log(record.levelno, "library", **fields)
