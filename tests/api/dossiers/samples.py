"""A dossier with something in every part."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.domain.availability import Absence, Balance, Limit, PastHoliday, Preference, Wish, WishKind
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract
from scheduler.domain.settings import Payee, PayeeBasis
from scheduler.domain.shift import Burden
from tests.builders import moment
from tests.duty_builders import a_dossier, a_gp, a_shift_type

NIGHT = "P1-consult-night/2027-03-01/1"


def full_dossier() -> Dossier:
    """A dossier with rows in every part."""
    span: dict[str, Any] = {"start": moment("2027-05-03T00:00"), "end": moment("2027-05-04T00:00")}
    return a_dossier(
        a_gp("G1"),
        a_gp("G2", Contract.PRACTICE_OWNER, practice_id="H1"),
        a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"),
        shift_types=(a_shift_type("evening"), a_shift_type("night")),
        absences=(Absence(gp_id="G1", reason="verlof", **span),),
        wishes=(
            Wish(gp_id="G1", wish=WishKind.AVOID, weight=3, **span),
            Wish(gp_id="G2", wish=WishKind.PREFER, weight=2.5, **span),
        ),
        clinic_days={"G1": frozenset({"mon", "tue"})},
        balances=(Balance(gp_id="G1", burden=Burden.NIGHT, hours=-2.5),),
        limits=(Limit(gp_id="G1", burden=None, max_hours=200),),
        preferences=(Preference(gp_id="G2", burden=Burden.NIGHT, factor=0.5),),
        past_holidays=(PastHoliday(gp_id="G1", date=date(2026, 12, 25)),),
        locks=(Lock(shift_id=NIGHT, gp_id="G1"),),
        payees=(
            Payee(gp_id="G1", valid_from=date(2027, 1, 1), payee_name="P", iban="NL1", basis=PayeeBasis.SELF_EMPLOYED),
        ),
    )
