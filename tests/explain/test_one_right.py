"""Which one right would fill an open shift."""

from __future__ import annotations

from datetime import date

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.time import Period
from scheduler.explain import explain_shift
from scheduler.explain.one_right import one_right_short
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

LEAD = "l/2027-01-05/1"


def case() -> Dossier:
    """Nobody may lead at night: of six GPs two lack that role only, the others something else as well."""
    consult, lead = {Role.CONSULT}, {Role.CONSULT, Role.LEAD}
    return builders.dossier(
        [gp(gp_id) for gp_id in ("plain", "same", "away", "tired", "exempt", "nightless")],
        [
            *(agreement(gp_id, roles=consult) for gp_id in ("plain", "same", "away", "tired")),
            agreement("exempt", roles=consult, nights=False),
            agreement("nightless", roles=lead, nights=False),
        ],
        [shift_type("l", "23:00", "08:00", role=Role.LEAD, days={"tue"}), shift_type("e", days={"tue"})],
        period=Period(start=date(2027, 1, 4), end=date(2027, 1, 8)),
        absences=[Absence(gp_id="away", start=moment("2027-01-05"), end=moment("2027-01-06"))],
    )


def test_who_lacks_one_right_only_counts() -> None:
    """Who is away, has too little rest or lacks two rights would be kept from the shift all the same."""
    dossier = case()
    roster = builders.roster(dossier, {"e/2027-01-05/1": "tired"})
    shift = roster.shift_by_id[LEAD]
    assert one_right_short(dossier, roster, shift) == {"de rol regiearts": 2, "nachtdiensten": 1}


def test_an_open_shift_is_explained_with_what_would_fill_it() -> None:
    """In words; of a filled shift nothing of the kind is said."""
    dossier = case()
    said = explain_shift(dossier, builders.roster(dossier), LEAD).text
    assert "Met de rol regiearts erbij zouden 3 huisartsen deze dienst kunnen doen." in said
    assert "Met nachtdiensten erbij zou 1 huisarts deze dienst kunnen doen." in said
    assert "erbij zou" not in explain_shift(dossier, builders.roster(dossier, {LEAD: "plain"}), LEAD).text
