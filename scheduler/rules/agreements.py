"""What an agreement allows, read the same way for GPs and for trainees."""

from __future__ import annotations

from scheduler.domain.people import GP, Agreement
from scheduler.domain.shift import Shift


def objection(agreement: Agreement, gp: GP, shift: Shift) -> str | None:
    """The reason why `gp` may not do `shift` under `agreement`; None where it fits.

    The reasons, in the order in which they are looked for: `registration_ended`, `no_agreement` (not valid on the day
    of the shift), `other_post`, `other_role`, `night_exempt` (standby at night included).
    """
    if gp.registered_until is not None and shift.day > gp.registered_until:
        return "registration_ended"
    if not agreement.covers(shift.day):
        return "no_agreement"
    if shift.post_id not in agreement.posts:
        return "other_post"
    if shift.role not in agreement.roles:
        return "other_role"
    return "night_exempt" if shift.is_night and not agreement.nights else None


def fits(agreement: Agreement, gp: GP, shift: Shift) -> bool:
    """Whether `gp` may do `shift` under `agreement`: registration, dates, post, role and nights."""
    return objection(agreement, gp, shift) is None
