"""The telephone numbers of GPs: entered by the GP or a planner, seen by these alone, used to call a standby in."""

from __future__ import annotations

from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.calls import GpPhone
from api.db.tables.people import Gp
from api.errors import Problem
from api.etag import require_match
from api.payouts.repository import user_name
from scheduler.messages import text

_HOME = "NL"
_REACHES_A_PERSON = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    }
)


def phone_from_text(written: str) -> str:
    """The E.164 form of a number as people write it, a Dutch one unless it begins with a country.

    Raises ValueError for what is no number in use, or one of a service: dear, free, short or of an emergency.
    """
    try:
        found = phonenumbers.parse(written, _HOME)
    except phonenumbers.NumberParseException:
        raise ValueError(text("messages.phone.expected")) from None
    is_plain = phonenumbers.is_valid_number(found) and found.extension is None
    if not is_plain or phonenumbers.number_type(found) not in _REACHES_A_PERSON:
        raise ValueError(text("messages.phone.expected"))
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def phone_to_text(phone: str) -> str:
    """An E.164 number as a Dutch reader expects it."""
    found = phonenumbers.parse(phone, None)
    form = phonenumbers.PhoneNumberFormat
    is_home = phonenumbers.region_code_for_number(found) == _HOME
    return phonenumbers.format_number(found, form.NATIONAL if is_home else form.INTERNATIONAL)


def _validate(written: str) -> str:
    try:
        return phone_from_text(written)
    except ValueError as error:
        # whose words reach the reader as they are
        raise PydanticCustomError("phone", "{expected}", {"expected": str(error)}) from None


Phone = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_validate)]
"""A number as people write it, taken in as E.164."""


def find_gp(session: Session, member: Member, gp_id: str, *, lock: bool = False) -> Gp:
    """The GP whose number a member may see and change: any for a planner, the own for a GP.

    Raises Problem `not_found`, also for a colleague, and for who was erased.
    """
    found = select(Gp).where(Gp.hds_id == member.hds_id, Gp.gp_id == gp_id, Gp.erased_at.is_(None))
    gp = session.scalar(found.with_for_update() if lock else found)
    if gp is None or not (member.has(Role.PLANNER) or gp.number == member.gp_number):
        raise Problem("not_found")
    return gp


def find_phone(session: Session, member: Member, gp_id: str) -> GpPhone | None:
    """The number of a GP; raises as `find_gp`."""
    return session.get(GpPhone, find_gp(session, member, gp_id).number)


def change_phone(
    session: Session, member: Member, gp_id: str, phone: str | None, if_match: str | None
) -> GpPhone | None:  # fmt: skip
    """Enter, replace or (None) take out the number of a GP; that it changed is on record, the number is not.

    Raises as `find_gp`, and Problem `changed_meanwhile`, `if_match_needed`.
    """
    gp = find_gp(session, member, gp_id, lock=True)
    row = session.get(GpPhone, gp.number, populate_existing=True)
    revision, by, at = (0, None, now()) if row is None else (row.revision, row.changed_by, row.changed_at)
    require_match(if_match, revision, user_name(session, by), at)
    if row is None and phone is None:
        return None
    act = Act(f"gp.phone.{'removed' if phone is None else 'entered'}", f"gp/{gp.gp_id}", gp_number=gp.number)
    record(session, member.hds_id, member.user_id, act)
    if phone is None:
        session.delete(row)
        return None
    if row is None:
        row = GpPhone(gp_number=gp.number, hds_id=gp.hds_id, phone=phone, revision=0, changed_at=now())
        session.add(row)
    row.phone, row.revision, row.changed_at, row.changed_by = phone, row.revision + 1, now(), member.user_id
    session.flush()
    return row
