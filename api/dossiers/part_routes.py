"""The routes of the rows of each part: one construction for all of them, each with its own schema.

Annotations are evaluated where they stand, as they name the schema of the part at hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.orm import Session

from api.auth.access import member
from api.auth.principal import Member
from api.db.sessions import ReadSession, WriteSession
from api.dossiers import changes, rows_kept, service
from api.dossiers.cells import Cells, to_cells, to_json
from api.dossiers.changes import Change, Deed
from api.dossiers.once import IdempotencyKey, digest_of, earlier_place, remember
from api.dossiers.parts import PARTS, Part
from api.dossiers.routes import DossierId, address
from api.dossiers.row_models import Row
from api.dossiers.rows_kept import Kept, Wanted
from api.errors import Problem, problems
from api.etag import IfMatch, etag, show_revision
from api.fields import Day, Key, ShortText
from api.paging import Page, PageCut, page_of
from api.room import room

RowId = Annotated[Key, Path(description="The number of the row.", examples=[17])]
_CHANGING = ("not_found", "dossier_invalid", "wrong_state", "changed_meanwhile", "if_match_needed")
_ETAG_OF_ROW = (
    "The ETag is that of this row alone, made of its content: changes of other rows don't get in the way. "
    "A mistake names part, row, column, what was found and what was expected; all are told at once."
)
_OWN = " A GP sees the own rows only."


def router_of(part: Part) -> APIRouter:
    """List, show, add, replace, change and remove the rows of a part."""
    router = room(f"/hds/{{hds_id}}/dossiers/{{dossier_id}}/{part.name}", "dossier parts")
    for install in (_list, _show, _add, _replace, _change, _remove):
        install(router, part)
    return router


def shown(part: Part, kept: Kept) -> dict[str, Any]:
    """A row as JSON, with its number and ETag."""
    return to_json(part.spec, kept.cells, part.nullable) | {"row_id": kept.row_id, "etag": etag(kept.etag)}


def _everything() -> Wanted:
    return Wanted()


def _by_gp(gp_id: Annotated[ShortText | None, Query(description="Only of this GP.")] = None) -> Wanted:
    return Wanted(gp_id=gp_id)


def _by_gp_and_day(
    gp_id: Annotated[ShortText | None, Query(description="Only of this GP.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="Only what lasts until this day or longer.")] = None,
    until: Annotated[Day | None, Query(description="Only what starts on this day or before.")] = None,
) -> Wanted:
    return Wanted(gp_id=gp_id, first=first, last=until)


def _filter(part: Part) -> Callable[..., Wanted]:
    if part.dates:
        return _by_gp_and_day
    return _by_gp if part.names_gp else _everything


def _list(router: APIRouter, part: Part) -> None:
    @router.get(
        "",
        name=f"list_{part.name}",
        summary=f"The rows of {part.name}",
        response_model=part.page,
        responses=problems("not_found", "bad_cursor"),
        description=f"In the order of the file. {part.row.__doc__}{_OWN if part.gp_reads else ''}",
    )
    def list_rows(
        who: Annotated[Member, Depends(member(*part.readers))],
        dossier_id: DossierId,
        wanted: Annotated[Wanted, Depends(_filter(part))],
        session: ReadSession,
        cut: PageCut,
    ) -> Page[dict[str, Any]]:
        service.found(session, who.hds_id, dossier_id)
        if not part.is_open_to(who):
            wanted = replace(wanted, gp_number=who.gp_number)
        rows = rows_kept.page(session, dossier_id, part, wanted, cut)
        return page_of(rows, cut, lambda row: (row.row_id,), lambda row: shown(part, row))


def _show(router: APIRouter, part: Part) -> None:
    @router.get(
        "/{row_id}",
        name=f"show_{part.name}",
        summary=f"One row of {part.name}",
        response_model=part.kept,
        responses=problems("not_found"),
        description=_ETAG_OF_ROW,
    )
    def show_row(
        who: Annotated[Member, Depends(member(*part.readers))],
        dossier_id: DossierId,
        row_id: RowId,
        session: ReadSession,
        response: Response,
    ) -> dict[str, Any]:
        service.found(session, who.hds_id, dossier_id)
        kept = rows_kept.one(session, dossier_id, part, row_id)
        if kept is None or not (part.is_open_to(who) or kept.gp_number == who.gp_number):
            raise Problem("not_found")
        return _answer(part, [kept], response)


def _add(router: APIRouter, part: Part) -> None:
    def add_row(
        who: Annotated[Member, Depends(member(*part.writers))],
        dossier_id: DossierId,
        body: Row,
        session: WriteSession,
        response: Response,
        key: IdempotencyKey = None,
    ) -> dict[str, Any]:
        kept = _added_once(session, who, dossier_id, part, to_cells(part.spec, body.model_dump()), key)
        response.headers["Location"] = f"{address(who.hds_id, dossier_id)}/{part.name}/{kept.row_id}"
        return _answer(part, [kept], response)

    add_row.__annotations__["body"] = part.row
    router.post(
        "",
        name=f"add_{part.name}",
        status_code=201,
        summary=f"Add a row to {part.name}",
        response_model=part.kept,
        responses=problems("not_found", "dossier_invalid", "wrong_state", "idempotency_key_reused"),
        description=_ETAG_OF_ROW,
    )(add_row)


def _added_once(session: Session, who: Member, dossier_id: int, part: Part, cells: Cells, key: str | None) -> Kept:
    """The new row, or the one that the same addition made before."""
    digest = digest_of(dossier_id, part.name, dict(cells))
    place = earlier_place(session, who, key, digest)
    if place is not None:
        found = rows_kept.one(session, dossier_id, part, int(place.rpartition("/")[2]))
        if found is None:
            raise Problem("not_found")
        return found
    [added] = changes.apply(session, who, dossier_id, [Change(part, Deed.ADD, cells)])
    assert added is not None
    remember(session, who, key, digest, changes.row_subject(dossier_id, part, added.row_id))
    return added


def _replace(router: APIRouter, part: Part) -> None:
    def replace_row(
        who: Annotated[Member, Depends(member(*part.writers))],
        dossier_id: DossierId,
        row_id: RowId,
        body: Row,
        session: WriteSession,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        change = Change(part, Deed.REPLACE, to_cells(part.spec, body.model_dump()), row_id, if_match)
        return _answer(part, changes.apply(session, who, dossier_id, [change]), response)

    replace_row.__annotations__["body"] = part.row
    router.put(
        "/{row_id}",
        name=f"replace_{part.name}",
        summary=f"Replace a row of {part.name}",
        response_model=part.kept,
        responses=problems(*_CHANGING),
        description=_ETAG_OF_ROW,
    )(replace_row)


def _change(router: APIRouter, part: Part) -> None:
    def change_row(
        who: Annotated[Member, Depends(member(*part.writers))],
        dossier_id: DossierId,
        row_id: RowId,
        body: Row,
        session: WriteSession,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        cells = to_cells(part.spec, body.model_dump(exclude_unset=True))
        change = Change(part, Deed.MERGE, cells, row_id, if_match)
        return _answer(part, changes.apply(session, who, dossier_id, [change]), response)

    change_row.__annotations__["body"] = part.changed
    router.patch(
        "/{row_id}",
        name=f"change_{part.name}",
        summary=f"Change some columns of a row of {part.name}",
        response_model=part.kept,
        responses=problems(*_CHANGING),
        description=f"Columns that are left out stay as they are; null empties one. {_ETAG_OF_ROW}",
    )(change_row)


def _remove(router: APIRouter, part: Part) -> None:
    @router.delete(
        "/{row_id}",
        name=f"remove_{part.name}",
        status_code=204,
        summary=f"Remove a row of {part.name}",
        responses=problems(*_CHANGING),
        description=_ETAG_OF_ROW,
    )
    def remove_row(
        who: Annotated[Member, Depends(member(*part.writers))],
        dossier_id: DossierId,
        row_id: RowId,
        session: WriteSession,
        if_match: IfMatch = None,
    ) -> None:
        changes.apply(session, who, dossier_id, [Change(part, Deed.REMOVE, {}, row_id, if_match)])


def _answer(part: Part, kept: Sequence[Kept | None], response: Response) -> dict[str, Any]:
    row = kept[0]
    assert row is not None
    show_revision(response, row.etag)
    return shown(part, row)


ROUTERS = tuple(router_of(part) for part in PARTS.values())
