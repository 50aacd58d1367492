"""The telephone number of a GP, by which a standby is called in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict

from api.auth.access import PlannerOrGp
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.calls import GpPhone
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Identifier
from api.messages import phones
from api.messages.phones import Phone
from api.room import room

router = room("/hds/{hds_id}/gps", "messages")
GpId = Annotated[Identifier, Path(description="The id of the GP.", examples=["gp-017"])]
_CHANGES = problems("not_found", "changed_meanwhile", "if_match_needed", "malformed")


class PhoneShown(BaseModel):
    """The number as E.164 and as it is read, or neither."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "+31612345678", "shown": "06 12345678"}]})

    phone: str | None
    shown: str | None


class PhoneAsked(BaseModel):
    """A number as people write it: of the Netherlands, or with its country."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"phone": "06-12 34 56 78"}]})

    phone: Phone


@router.get("/{gp_id}/phone", summary="The telephone number of a GP", responses=problems("not_found"))
def read_phone(response: Response, who: PlannerOrGp, session: ReadSession, gp_id: GpId) -> PhoneShown:
    """For the GP and for planners alone."""
    return _show(response, phones.find_phone(session, who, gp_id))


@router.put("/{gp_id}/phone", summary="Enter the telephone number of a GP", responses=_CHANGES)
def enter_phone(
    response: Response, who: PlannerOrGp, session: WriteSession, gp_id: GpId, body: PhoneAsked, if_match: IfMatch = None
) -> PhoneShown:
    """By the GP or by a planner; a standby who is called in is told on it, where the service has a gateway."""
    return _show(response, phones.change_phone(session, who, gp_id, body.phone, if_match))


@router.delete("/{gp_id}/phone", status_code=204, summary="Take a telephone number out", responses=_CHANGES)
def remove_phone(who: PlannerOrGp, session: WriteSession, gp_id: GpId, if_match: IfMatch = None) -> None:
    """The GP is told on the page and by e-mail only."""
    phones.change_phone(session, who, gp_id, None, if_match)


def _show(response: Response, row: GpPhone | None) -> PhoneShown:
    show_revision(response, 0 if row is None else row.revision)
    return PhoneShown(phone=row and row.phone, shown=row and phones.phone_to_text(row.phone))
