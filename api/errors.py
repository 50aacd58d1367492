"""Problem details (RFC 9457): the one table from codes of errors to statuses, and the answers made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException

from api.db.violations import is_conflict
from scheduler.errors import AnwError, DossierError, Mistake
from scheduler.messages import text

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 2
MOST_MISTAKES = 50
"""How many mistakes one answer tells; a caller with more has sent something else than was meant."""
MOST_MISTAKES_OF_A_FILE = 5000
"""The same for files, which people mend by that answer; one in which every row is wrong needs no more."""

STATUS_OF: Mapping[str, HTTPStatus] = MappingProxyType(
    {
        "dossier_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
        "output_unwritable": HTTPStatus.INSUFFICIENT_STORAGE,
        "report_unmade": HTTPStatus.INTERNAL_SERVER_ERROR,
        "roster_unreadable": HTTPStatus.UNPROCESSABLE_ENTITY,
        "unknown_subject": HTTPStatus.NOT_FOUND,
        "generate_impossible_size": HTTPStatus.UNPROCESSABLE_ENTITY,
        "payout_ledger_altered": HTTPStatus.CONFLICT,
        "payout_unbalanced": HTTPStatus.CONFLICT,
        "nothing_to_pay": HTTPStatus.CONFLICT,
        "pdf_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "swap_unsound": HTTPStatus.UNPROCESSABLE_ENTITY,
        "swap_outdated": HTTPStatus.CONFLICT,
        "extra_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
        "standby_unfit": HTTPStatus.CONFLICT,
        "mend_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
        "not_found": HTTPStatus.NOT_FOUND,
        "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
        "not_logged_in": HTTPStatus.UNAUTHORIZED,
        "wrong_credentials": HTTPStatus.UNAUTHORIZED,
        "password_change_needed": HTTPStatus.FORBIDDEN,
        "password_weak": HTTPStatus.UNPROCESSABLE_ENTITY,
        "oidc_refused": HTTPStatus.BAD_REQUEST,
        "oidc_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "gp_needed": HTTPStatus.UNPROCESSABLE_ENTITY,
        "unknown_gp": HTTPStatus.UNPROCESSABLE_ENTITY,
        "last_administrator": HTTPStatus.CONFLICT,
        "forbidden": HTTPStatus.FORBIDDEN,
        "csrf_refused": HTTPStatus.FORBIDDEN,
        "too_many_attempts": HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_questions": HTTPStatus.TOO_MANY_REQUESTS,
        "malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
        "bad_request": HTTPStatus.BAD_REQUEST,
        "bad_cursor": HTTPStatus.BAD_REQUEST,
        "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "archive_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
        "unsupported_media": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "conflict": HTTPStatus.CONFLICT,
        "changed_meanwhile": HTTPStatus.PRECONDITION_FAILED,
        "if_match_needed": HTTPStatus.PRECONDITION_REQUIRED,
        "idempotency_key_reused": HTTPStatus.CONFLICT,
        "wrong_state": HTTPStatus.CONFLICT,
        "already_covered": HTTPStatus.CONFLICT,
        "breaks_rules": HTTPStatus.CONFLICT,
        "database_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "storage_full": HTTPStatus.INSUFFICIENT_STORAGE,
        "busy": HTTPStatus.SERVICE_UNAVAILABLE,
        "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)


class ProblemDetails(BaseModel):
    """The body of every refusal, as `application/problem+json`; `code` is stable, `detail` is Dutch for a reader.

    `errors` holds at most fifty mistakes (of a file more), `more` is how many there are besides.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    instance: str = ""
    errors: list[dict[str, Any]] = []
    more: int = 0


class Problem(Exception):
    """A refusal with a stable code out of `STATUS_OF`; `extra` members are added to the body."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers, self.extra = code, detail, headers, extra


def answer(
    request: Request, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **extra: Any
) -> JSONResponse:
    """The response for a refusal with `code`.

    Of many mistakes in `errors` it tells the first `most_mistakes`, and how many more; `mistake_count` is their number
    where `errors` itself holds only some.
    """
    status = STATUS_OF[code]
    request.state.problem = code  # for the log
    most = extra.pop("most_mistakes", MOST_MISTAKES)
    count = extra.pop("mistake_count", len(extra.get("errors", ())))
    if count > most:
        more = extra["more"] = count - most
        extra["errors"] = extra["errors"][:most]
        detail = text("problems.more_mistakes", count=count, most=most, more=more)
    body = {
        "type": f"urn:anw-rooster:problem:{code}",
        "title": text(f"problems.{code}"),
        "status": int(status),
        "code": code,
        "detail": detail,
        "instance": request.url.path,
        **extra,
    }
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=PROBLEM_JSON)


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What a route may refuse with these codes, for its documentation: `responses=problems("not_found")`."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status = int(STATUS_OF[code])
        known = by_status.setdefault(status, {"description": "", "model": ProblemDetails})
        known["description"] = ", ".join(filter(None, (known["description"], f"`{code}`")))
    return by_status


def mistakes_as_errors(mistakes: Sequence[Mistake]) -> list[dict[str, Any]]:
    """Each mistake of a dossier as a member of `errors`: file, line, column, found, expected."""
    return [asdict(mistake) for mistake in mistakes]


def install_handlers(app: FastAPI) -> None:
    """Turn every foreseen error, and any other, into problem details."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(AnwError, _engine_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(OSError, _system_error)
    app.add_exception_handler(Exception, _unforeseen)


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    if STATUS_OF[error.code] == HTTPStatus.INTERNAL_SERVER_ERROR:
        _keep_for_log(request, error)
    return answer(request, error.code, error.detail, headers=error.headers, **error.extra)


async def _engine_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnwError)
    if isinstance(error, DossierError):
        count, most = len(error.mistakes), _most_mistakes_of(request)
        found = mistakes_as_errors(error.mistakes[:most])
        detail = text("problems.mistakes", count=count)
        return answer(request, error.code, detail, errors=found, mistake_count=count, most_mistakes=most)
    return answer(request, error.code if error.code in STATUS_OF else "internal", str(error))


def _most_mistakes_of(request: Request) -> int:
    has_file = request.headers.get("content-type", "").lower().startswith("multipart/")
    return MOST_MISTAKES_OF_A_FILE if has_file else MOST_MISTAKES


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    first = [
        {"place": list(map(str, one["loc"])), "expected": one["msg"], "kind": one["type"]}
        for one in found[:MOST_MISTAKES]
    ]
    return answer(
        request, "malformed", text("problems.mistakes", count=len(found)), errors=first, mistake_count=len(found)
    )


_CODE_OF_STATUS = MappingProxyType(
    {400: "bad_request", 401: "not_logged_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}
    | {413: "too_large", 415: "unsupported_media"}
)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    # the framework calls whatever is raised while a body comes in a bad body: a full disk, and a bound that is passed
    if isinstance(error.__cause__, OSError):
        return await _system_error(request, error.__cause__)
    if isinstance(error.__cause__, Problem):
        return await _problem(request, error.__cause__)
    code = _CODE_OF_STATUS.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")
    return answer(request, code, headers=error.headers)


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)
    if isinstance(error, IntegrityError) and is_conflict(error):
        return answer(request, "conflict")
    _keep_for_log(request, error)
    if "disk is full" in str(error.orig) or "No space left" in str(error.orig):
        return answer(request, "storage_full")
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return answer(request, "database_unavailable", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return await _unforeseen(request, error)


async def _system_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OSError)
    return answer(request, "storage_full") if error.errno == 28 else await _unforeseen(request, error)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    _keep_for_log(request, error)
    return answer(request, "internal")


def _keep_for_log(request: Request, error: Exception) -> None:
    # the framework takes the traceback off what a handler has answered
    request.state.error, request.state.traceback = error, error.__traceback__
