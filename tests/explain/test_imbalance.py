"""Totals that cannot be reached, and what would end that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Limit
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.explain import Imbalance, Remedy, structural_imbalances
from scheduler.explain.supply import Side
from scheduler.fair_shares import fair_shares
from tests import builders
from tests.builders import agreement, gp, shift_type

WEEK = Period(start=date(2027, 1, 4), end=date(2027, 1, 8))
CONSULT = shift_type("c")
LEAD = shift_type("l", role=Role.LEAD)
NIGHT = shift_type("n", "23:00", "08:00")
BOTH = {Role.CONSULT, Role.LEAD}


def week(agreements: Iterable[Agreement], types: Iterable[Any] = (CONSULT, LEAD), **fields: Any) -> Dossier:
    """Five working days with these agreements, of locums; each shift type is 30 hours (nights 45)."""
    agreements = list(agreements)
    gps = [gp(gp_id) for gp_id in sorted({row.gp_id for row in agreements})]
    return builders.dossier(gps, agreements, list(types), period=WEEK, **fields)


def found(dossier: Dossier) -> tuple[Imbalance, ...]:
    """The imbalances of a dossier with its own fair shares."""
    return structural_imbalances(dossier, fair_shares(dossier, shifts_of(dossier)))


def granted(dossier: Dossier, remedy: Remedy, gp_ids: Iterable[str]) -> Dossier:
    """The dossier with the rights of a remedy for these GPs."""
    chosen = set(gp_ids)
    rows = [
        row.replace(
            roles=row.roles | set(remedy.roles),
            posts=row.posts | set(remedy.posts),
            nights=row.nights or remedy.nights,
        )
        if row.gp_id in chosen
        else row
        for row in dossier.agreements
    ]
    return dossier.replace(agreements=tuple(rows))


def leads(count: int, others: int, hours: float = 20.0) -> Dossier:
    """`count` GPs who may lead, L0 and on, and `others` who may not, A0 and on."""
    return week(
        [agreement(f"L{n}", roles=BOTH, hours=hours) for n in range(count)]
        + [agreement(f"A{n}", hours=hours) for n in range(others)]
    )


def test_shares_that_everyone_can_reach_give_no_imbalance() -> None:
    """Two of three GPs who may lead can carry the 30 hours."""
    assert found(leads(2, 1)) == ()


def test_too_few_who_may_lead_are_named_with_their_hours() -> None:
    """One GP with a total of 20 hours must do 30 hours as lead: 10 too many, half as much again."""
    (imbalance,) = found(leads(1, 2))
    assert imbalance.side is Side.SCARCE
    assert imbalance.gp_ids == ("L0",)
    assert {group.role for group in imbalance.groups} == {Role.LEAD}
    assert imbalance.hours == pytest.approx(10)
    assert imbalance.load == pytest.approx(1.5)


def test_the_hours_are_those_that_the_fitted_shares_are_off() -> None:
    """What the blocks say is what iterative fitting ends up with."""
    dossier = leads(1, 4, hours=12)
    pool = fair_shares(dossier, shifts_of(dossier)).duty
    assert pool is not None
    (imbalance,) = found(dossier)
    assert imbalance.hours == pytest.approx(pool.imbalance[pool.imbalance > 0].sum(), abs=0.01)


def test_the_smallest_number_of_new_leads_is_given_and_ends_it() -> None:
    """Six GPs of ten hours, one may lead: two more are needed, and one more is not enough."""
    dossier = leads(1, 5, hours=10)
    (imbalance,) = found(dossier)
    remedy = imbalance.remedies[0]
    assert (remedy.roles, remedy.gp_ids) == ((Role.LEAD,), ("A0", "A1"))
    assert found(granted(dossier, remedy, remedy.gp_ids)) == ()
    assert found(granted(dossier, remedy, remedy.gp_ids[:1])) != ()


def test_who_is_furthest_below_the_total_comes_first() -> None:
    """Nights want for GPs; Y has 6 of 30 hours to do and comes before X, who has a larger total and too much to do."""
    visits = {"roles": {Role.VISIT}}
    rows = [
        agreement("N", hours=31, **visits),
        agreement("X", hours=50, nights=False, roles={Role.CONSULT, Role.VISIT}),
        agreement("Y", hours=30, nights=False, **visits),
    ]
    types = [
        shift_type("c", headcount=2),
        shift_type("v", role=Role.VISIT, days={"mon"}),
        shift_type("n", "23:00", "08:00", role=Role.VISIT),
    ]
    nights = next(those for those in found(week(rows, types)) if those.gp_ids == ("N",))
    assert nights.remedies[0] == Remedy(nights=True, gp_ids=("Y",))


def test_extra_hours_that_would_do_are_computed() -> None:
    """A newcomer who may lead with so many agreed hours ends it; with half of them it stays."""
    dossier = leads(1, 2)
    (imbalance,) = found(dossier)
    extra = imbalance.remedies[-1].extra_hours

    def joined(hours: float) -> Dossier:
        row = agreement("N", roles={Role.LEAD}, hours=hours)
        return dossier.replace(gps=(*dossier.gps, gp("N")), agreements=(*dossier.agreements, row))

    assert 0 < extra <= 20
    assert found(joined(extra)) == ()
    assert found(joined(extra / 2)) != ()


def test_too_few_who_do_nights_call_for_nights() -> None:
    """Of four GPs one does nights: the remedy is the end of exemptions, not a role or post."""
    rows = [agreement("N", hours=25), *(agreement(f"A{n}", hours=25, nights=False) for n in range(3))]
    (imbalance,) = found(week(rows, [CONSULT, NIGHT]))
    rights = [(remedy.nights, remedy.roles, remedy.posts) for remedy in imbalance.remedies if remedy.gp_ids]
    assert rights == [(True, (), ())]


def test_gps_bound_to_a_post_with_too_little_work_are_a_surplus() -> None:
    """Three GPs may work at Q only, where there is work for one: post P would help them."""
    rows = [
        agreement("P", posts={"P"}, hours=30),
        *(agreement(f"Q{n}", posts={"Q"}, hours=30) for n in range(3)),
        *(agreement(f"R{n}", posts={"P"}, hours=30) for n in range(3)),
    ]
    types = [shift_type("p", headcount=6), shift_type("q", post_id="Q")]
    (imbalance,) = found(week(rows, types, posts=[*builders.dossier([], [], []).posts, _post("Q")]))
    assert imbalance.side is Side.SURPLUS
    assert imbalance.gp_ids == ("Q0", "Q1", "Q2")
    assert imbalance.hours == pytest.approx(60)
    assert imbalance.remedies[0].posts == ("P",)


def test_two_rights_are_tried_where_one_is_not_enough() -> None:
    """Who may neither lead nor work at Q needs both to help the one lead of Q."""
    rows = [agreement("L", posts={"Q"}, roles={Role.LEAD}, hours=10), agreement("A", hours=50)]
    types = [CONSULT, shift_type("l", role=Role.LEAD, post_id="Q")]
    (imbalance,) = found(week(rows, types))
    remedy = imbalance.remedies[0]
    assert (remedy.roles, remedy.posts, remedy.gp_ids) == ((Role.LEAD,), ("Q",), ("A",))


def test_work_that_nobody_may_do_is_told_once() -> None:
    """Lead shifts without any lead are one imbalance without GPs."""
    (imbalance,) = found(leads(0, 3))
    assert imbalance.gp_ids == ()
    assert imbalance.group_hours == 30
    assert imbalance.remedies[0].roles == (Role.LEAD,)


def test_standby_without_anyone_who_has_the_role_is_told() -> None:
    """A pool without GPs is an imbalance too; how many it takes cannot be told."""
    dossier = week([agreement("A")], [CONSULT, shift_type("s", role=Role.STANDBY)])
    (imbalance,) = found(dossier)
    assert {group.burden for group in imbalance.groups} == {Burden.STANDBY}
    assert imbalance.remedies == ()
    assert imbalance.text == "Niemand mag achterwacht op post P doen: 30 uur werk."


def test_hours_that_own_limits_put_out_of_reach_are_told() -> None:
    """Who has 15 hours to do and wants no more than 6 of the only burden there is leaves 9."""
    rows = [agreement("A", hours=15), agreement("B", hours=15)]
    (imbalance,) = found(week(rows, [CONSULT], limits=[Limit(gp_id="A", burden=Burden.EVENING, max_hours=6)]))
    assert (imbalance.gp_ids, imbalance.groups, imbalance.remedies) == (("A",), (), ())
    assert imbalance.text.startswith("Eigen maxima laten voor 1 huisarts (A) 9 uur van het streeftotaal onbereikbaar")


def test_a_limit_that_other_work_makes_up_for_is_no_imbalance() -> None:
    """Who does fewer evenings does more nights."""
    rows = [agreement("A", hours=30), agreement("B", hours=45)]
    limit = Limit(gp_id="A", burden=Burden.EVENING, max_hours=6)
    assert found(week(rows, [CONSULT, NIGHT], limits=[limit])) == ()


def test_an_imbalance_is_told_in_dutch() -> None:
    """Who, what, how much and what to do, in one line for the planner."""
    (imbalance,) = found(leads(1, 5, hours=10))
    assert imbalance.text.startswith(
        "Voor regiearts op post P (avond) is er 30 uur werk en maar 1 huisarts die het mag doen, met een streeftotaal"
        " van 10 uur: 20 uur te veel, of 3 keer het eigen streeftotaal. Krijgen 2 huisartsen er de rol regiearts bij,"
        " dan is dit opgeheven (te beginnen met A0 en A1)."
    )


def _post(post_id: str) -> Any:
    return builders.dossier([], [], []).posts[0].replace(id=post_id)


def test_trainees_and_juniors_are_no_remedy() -> None:
    """Rights go to GPs only."""
    dossier = leads(1, 2)
    trainee = GP(id="T", name="T", contract=Contract.TRAINEE, trainer_gp_id="L0")
    row = agreement("T", contract=Contract.TRAINEE, hours=500)
    wider = dossier.replace(gps=(*dossier.gps, trainee), agreements=(*dossier.agreements, row))
    (imbalance,) = found(wider)
    assert imbalance.remedies[0].gp_ids == ("A0",)
