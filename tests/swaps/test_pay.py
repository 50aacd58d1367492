"""What a swap does to pay."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.payout import TariffTable, national_tariffs, payable
from scheduler.swaps import Situation, judge, judge_in
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.strategies import dossiers, rosters
from tests.swaps.deals import deals, done
from tests.swaps.test_verdict import give

NIGHT = a_shift("2027-02-01", "night")


def tariffs() -> TariffTable:
    """The amounts of 2024, with a change inside each of the periods that the strategies draw."""
    rows = [row for row in national_tariffs().national if row.valid_from.year == 2024]
    cuts = [date(2026, 1, 1), date(2026, 12, 25), date(2027, 3, 28), date(2027, 6, 9), date(2027, 10, 31)]
    ends = [date.fromordinal(cut.toordinal() - 1) for cut in [*cuts[1:], date(2029, 1, 1)]]
    return TariffTable(
        national=[
            row.replace(valid_from=start, valid_until=end, cents_per_hour=row.cents_per_hour + 7 * number)
            for number, (start, end) in enumerate(zip(cuts, ends, strict=True))
            for row in rows
        ]
    )


PAYOUT = {"early_evening_rate": "87.67", "standby_rate": "15.01"}


def test_pay_moves_with_the_shift() -> None:
    """Nine hours of the night rate of that day, from one to the other."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    flat = TariffTable(national=[row.replace(valid_until=date(2028, 1, 1)) for row in tariffs().national[:4]])
    rates = {row.kind.value: row.cents_per_hour for row in flat.national}
    found = judge(dossier, a_roster({"G1": [NIGHT]}), {}, [give(NIGHT.id, "G1", "G2")], flat)
    cents = rates["evening"] + 8 * rates["night"]
    assert (found.party("G1").pay_cents, found.party("G2").pay_cents) == (-cents, cents)


def test_without_a_rate_nothing_is_said_of_pay() -> None:
    """No tariffs, or none for an hour of the shift: unknown, and the verdict stands all the same."""
    dossier, moves = a_dossier(a_gp("G1"), a_gp("G2")), [give(NIGHT.id, "G1", "G2")]
    for given_tariffs in (None, national_tariffs()):
        found = judge(dossier, a_roster({"G1": [NIGHT]}), {}, moves, given_tariffs)
        assert found.is_legal
        assert found.party("G2").pay_cents is None


def test_a_trainee_is_never_paid() -> None:
    """Who may not be on duty is not paid for it either."""
    dossier = a_dossier(a_gp("G1"), a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"))
    found = judge(dossier, a_roster({"G1": [NIGHT]}), {}, [give(NIGHT.id, "G1", "T1")], tariffs())
    assert found.party("T1").pay_cents == 0


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_pay_is_what_a_payment_run_would_pay_more(data: st.DataObject) -> None:
    """Per GP the difference between the lines of a run over the roster after and before the moves, to the cent."""
    dossier = data.draw(dossiers())
    dossier = dossier.replace(payout=PAYOUT)
    roster = data.draw(rosters(dossier).filter(lambda one: bool(one.shifts)))
    moves = data.draw(deals(dossier, roster))
    table = tariffs()

    def due(of: Roster) -> dict[str, int]:
        lines = payable(dossier, of, table).lines
        return {str(gp_id): int(cents) for gp_id, cents in lines.groupby("gp_id")["amount"].sum().items()}

    before, after = due(roster), due(done(roster, moves))
    found = judge_in(Situation.of(dossier, roster, {}, table), moves)
    assert {party.gp_id: party.pay_cents for party in found.parties} == {
        party.gp_id: after.get(party.gp_id, 0) - before.get(party.gp_id, 0) for party in found.parties
    }
    changed = {gp_id for gp_id in (*before, *after) if after.get(gp_id, 0) != before.get(gp_id, 0)}
    assert changed <= {party.gp_id for party in found.parties}


@pytest.mark.parametrize("cents", [10_001, 13_187])
def test_a_rounded_line_is_rounded_once(cents: int) -> None:
    """Half hours at an odd rate: line by line as the payout does it."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    table = tariffs()
    odd = TariffTable(national=[row.replace(cents_per_hour=cents) for row in table.national])
    shift = a_shift("2027-02-01", "evening", start=time(18, 30), end=time(0, 30))
    roster = a_roster({"G1": [shift]})
    lines = payable(dossier, roster, odd).lines
    found = judge(dossier, roster, {}, [give(shift.id, "G1", "G2")], odd)
    assert found.party("G2").pay_cents == int(lines["amount"].sum())
