"""Several changes of a dossier at once: a GP comes with an agreement, or neither could be judged."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.auth.access import Planner
from api.db.sessions import WriteSession
from api.dossiers import changes
from api.dossiers.cells import to_cells
from api.dossiers.changes import Change, Deed
from api.dossiers.parts import PARTS, Part
from api.dossiers.routes import DossierId
from api.errors import Problem, problems
from api.etag import etag
from api.fields import Identifier, Key, Note
from api.room import room
from scheduler.messages import text

router = room("/hds/{hds_id}/dossiers/{dossier_id}/changes", "dossier parts")
MOST_CHANGES = 500


class OneChange(BaseModel):
    """One change: `add` with a row; `replace` with a row, its number and ETag; `remove` with number and ETag."""

    model_config = ConfigDict(extra="forbid")

    part: str
    do: Literal[Deed.ADD, Deed.REPLACE, Deed.REMOVE]
    row_id: Key | None = None
    etag: Identifier | None = None
    row: Any = None


def _change_of(part: Part) -> type[OneChange]:
    fields: dict[str, Any] = {"part": (Literal[part.name], ...), "row": (part.row | None, None)}
    return create_model(f"{part.row.__name__}OneChange", __base__=OneChange, **fields)


_ANY_CHANGE: Any = Annotated[
    Union[tuple(_change_of(part) for part in PARTS.values())],  # noqa: UP007 - made of a tuple
    Field(discriminator="part"),
]
Changes = create_model(
    "Changes",
    __cls_kwargs__={
        "extra": "forbid",
        "json_schema_extra": {
            "example": {
                "changes": [
                    {"part": "gps", "do": "add", "row": {"gp_id": "G0400", "name": "Noor Vos", "contract": "locum"}},
                    {
                        "part": "agreements",
                        "do": "add",
                        "row": {
                            "gp_id": "G0400", "valid_from": "2027-03-01", "valid_until": "2027-12-31",
                            "posts": ["A"], "roles": ["consult"], "hours": 120, "nights": False,
                        },
                    },
                ],
                "reason": "Nieuwe waarnemer",
            }
        },
    },
    changes=(Annotated[list[_ANY_CHANGE], Field(min_length=1, max_length=MOST_CHANGES)], ...),
    reason=(Note, ""),
)  # fmt: skip


class Done(BaseModel):
    """What became of one change; both null for a row that was taken out."""

    row_id: Key | None = Field(examples=[412])
    etag: str | None = Field(examples=['"3f2a9c51d07be8846a10"'])


class AllDone(BaseModel):
    """What became of the changes, in their order."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"done": [{"row_id": 412, "etag": '"3f2a9c51d07be8846a10"'}]}}
    )

    done: list[Done]


def change_together(who: Planner, dossier_id: DossierId, body: Any, session: WriteSession) -> AllDone:
    """The dossier is judged with all of them in it; when there is any mistake, nothing is changed.

    A mistake in a new row names the place of its change in the list (`change`, from 0).
    """
    asked = [_asked(one) for one in body.changes]
    kept = changes.apply(session, who, dossier_id, asked, body.reason)
    return AllDone(done=[Done(row_id=one and one.row_id, etag=None if one is None else etag(one.etag)) for one in kept])


def _asked(one: OneChange) -> Change:
    part = PARTS[one.part]
    has_row, has_number = one.row is not None, one.row_id is not None
    if has_row is (one.do is Deed.REMOVE) or has_number is (one.do is Deed.ADD):
        raise Problem("malformed", text("dossiers.change_shape"))
    cells = to_cells(part.spec, one.row.model_dump()) if has_row else {}
    return Change(part, Deed(one.do), cells, one.row_id, one.etag)


change_together.__annotations__["body"] = Changes
router.post(
    "",
    summary="Several changes at once, or none",
    responses=problems("not_found", "bad_request", "dossier_invalid", "changed_meanwhile", "if_match_needed"),
)(change_together)
