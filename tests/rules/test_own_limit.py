"""A GP's own ceilings."""

import pytest

from scheduler.domain.availability import Limit
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.rules import own_limit
from tests.duty_builders import a_dossier, a_roster, a_shift

SHIFTS = [
    a_shift("2027-02-01"),
    a_shift("2027-02-03", "night"),
    a_shift("2027-02-06", role=Role.STANDBY),
]


@pytest.mark.parametrize(
    ("burden", "most", "breaks"),
    [
        (Burden.NIGHT, 8.75, True),
        (Burden.NIGHT, 9, False),
        (Burden.EVENING, 5.75, True),
        (Burden.EVENING, 6, False),
        (Burden.STANDBY, 5.75, True),
        (Burden.STANDBY, 6, False),
        (None, 14.75, True),
        (None, 15, False),
    ],
)
def test_the_ceiling_itself_is_allowed(burden: Burden | None, most: float, breaks: bool) -> None:
    """A burden counts its own hours; the total counts all but standby."""
    dossier = a_dossier(limits=(Limit(gp_id="G1", burden=burden, max_hours=most),))
    assert bool(list(own_limit.check(dossier, a_roster({"G1": SHIFTS})))) == breaks


def test_the_sentence_names_the_burden() -> None:
    """A GP reads which of the own limits is meant."""
    dossier = a_dossier(limits=(Limit(gp_id="G1", burden=Burden.NIGHT, max_hours=8.5),))
    (found,) = own_limit.check(dossier, a_roster({"G1": SHIFTS}))
    assert found.text.startswith("G1 heeft 9 uur nachtdienst, boven de eigen grens van 8,5 uur")


def test_a_limit_is_of_one_gp() -> None:
    """Somebody else's ceiling does not matter."""
    dossier = a_dossier(limits=(Limit(gp_id="G2", burden=None, max_hours=0),))
    assert not list(own_limit.check(dossier, a_roster({"G1": SHIFTS})))
