"""Making one person of the GPs of two HDSs: with a code from one side that is brought to the other.

Either the GP does so, with both accounts, or the administrators of both HDSs with the GP's consent; neither side is
told anything of the other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.auth.secret_values import hash_of
from api.clock import local, now
from api.db.tables.neighbours import GpLink, GpLinkCode
from api.db.tables.people import Gp
from api.errors import Problem
from api.neighbours import repository
from api.neighbours.persons import everyone, hold_still
from api.neighbours.schemas import LinkBegun, LinkCode, LinkMade, LinkShown
from api.outbox import Notice, tell
from scheduler.messages import text

VALID = timedelta(days=7)


def begin(session: Session, member: Member, asked: LinkBegun) -> LinkCode:
    """Give out a code for a GP of this HDS; raises Problem `unknown_gp`, `malformed` without word of consent."""
    one = _gp(session, member, asked.gp_id, asked.consent)
    secret, moment = secrets.token_urlsafe(18), now()
    repository.drop_stale_codes(session, moment)
    session.add(
        GpLinkCode(
            code_hash=hash_of(secret), gp_number=one.number, self_made=one.number == member.gp_number,
            big_proof=_proof(secret, asked.big_number), made_at=moment, expires_at=moment + VALID,
        )
    )  # fmt: skip
    act = Act("neighbours.code_made", f"gp/{one.gp_id}", reason=asked.consent, gp_number=one.number)
    record(session, member.hds_id, member.user_id, act)
    return LinkCode(code=secret, gp_id=one.gp_id, expires_at=local(moment + VALID))


def make(session: Session, member: Member, asked: LinkMade) -> LinkShown:
    """Join a GP of this HDS to the one whose code it is; the code is used up.

    Raises Problem: `not_found` for a code that is unknown, used or too old, `malformed` when the BIG numbers differ or
    consent is not told of, `unknown_gp`, `conflict` when they are one person already or would be two GPs of one HDS.
    """
    one, known = _gp(session, member, asked.gp_id, asked.consent), repository.code(session, hash_of(asked.code))
    if known is None or known.expires_at <= now():
        raise Problem("not_found", text("neighbours.no_code"))
    if known.big_proof != _proof(asked.code, asked.big_number):
        raise Problem("malformed", text("neighbours.big_differs"))
    hold_still(session, {one.number, known.gp_number})
    _require_two_persons(session, one, known.gp_number)
    first, last = sorted((one.number, known.gp_number))
    own = known.self_made and one.number == member.gp_number
    made = GpLink(one_number=first, other_number=last, self_made=own, made_at=now())
    session.add(made)
    session.delete(known)
    session.flush()
    _put_on_record(session, member, "neighbours.linked", one, known.gp_number, asked.consent)
    return LinkShown(id=made.id, gp_id=one.gp_id, kind="link", made_at=local(made.made_at))


def links_shown(session: Session, member: Member) -> list[LinkShown]:
    """Who is on duty at another HDS too; of a GP who asks the own links only."""
    number = None if member.has(Role.ADMINISTRATOR) else member.gp_number
    at = member.hds_id, number
    found = [
        LinkShown(id=row.id, gp_id=row.gp_id, kind="link", made_at=local(row.made_at))
        for row in repository.links_at(session, *at)
    ]
    found += [
        LinkShown(id=None, gp_id=gp_id, kind="account", made_at=None) for gp_id in repository.accounts_at(session, *at)
    ]
    found += [
        LinkShown(id=None, gp_id=row.gp_id, kind="guest", made_at=local(row.made_at))
        for row in repository.guests_at(session, *at)
    ]
    return sorted(found, key=lambda one: one.gp_id)


def end(session: Session, member: Member, link_id: int) -> None:
    """Undo a link from either side; raises Problem `not_found`."""
    found = repository.link(session, member.hds_id, link_id)
    if found is None or not (member.has(Role.ADMINISTRATOR) or found[1].number == member.gp_number):
        raise Problem("not_found")
    known, here, there = found
    session.delete(known)
    session.flush()
    _put_on_record(session, member, "neighbours.unlinked", here, there.number, "")


def _gp(session: Session, member: Member, gp_id: str | None, consent: str) -> Gp:
    if gp_id is None or gp_id == member.gp_id:
        if member.gp_id is None:
            raise Problem("malformed", text("neighbours.which_gp"))
        gp_id = member.gp_id
    elif not member.has(Role.ADMINISTRATOR):
        raise Problem("forbidden")
    elif not consent.strip():
        raise Problem("malformed", text("neighbours.consent_needed"))
    one = repository.gp(session, member.hds_id, gp_id)
    if one is None:
        raise Problem("unknown_gp")
    return one


def _proof(secret: str, big_number: str | None) -> str | None:
    """A hash that only the code opens: a BIG number by itself is soon guessed."""
    if big_number is None:
        return None
    return hmac.new(secret.encode(), big_number.encode(), hashlib.sha256).hexdigest()


def _require_two_persons(session: Session, one: Gp, number: int) -> None:
    if number in everyone(session, {one.number}):
        raise Problem("conflict", text("neighbours.one_already"))
    # who was a guest may have got an agreement there since
    numbers = repository.without_guests(session, everyone(session, {one.number, number}))
    homes = [gp.hds_id for gp in repository.gps(session, numbers)]
    if len(homes) != len(set(homes)):
        raise Problem("conflict", text("neighbours.two_of_one_hds"))


def _put_on_record(session: Session, member: Member, action: str, here: Gp, other: int, consent: str) -> None:
    """On both sides, in the order of their chains; the other side is not told by whom, nor where."""
    (there,) = repository.gps(session, {other})
    for gp in sorted((here, there), key=lambda gp: gp.hds_id):
        tell(session, gp.hds_id, Notice(action.replace("neighbours.", "gp_"), {"gp_id": gp.gp_id}, [gp.number]))
    for gp in sorted((here, there), key=lambda gp: gp.hds_id):
        is_ours = gp is here
        act = Act(action, f"gp/{gp.gp_id}", reason=consent if is_ours else "", gp_number=gp.number)
        record(session, gp.hds_id, member.user_id if is_ours else None, act)
