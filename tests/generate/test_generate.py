"""A generated dossier is reproducible, has the figures it promises and holds no contradiction."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import peer_greedy
from benchmarks.peer import Options
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Contract, Role
from scheduler.domain.time import DAY
from scheduler.dossier import write_dossier
from scheduler.errors import ImpossibleSize
from scheduler.fair_shares import fair_shares
from scheduler.generate import DEMO, generate
from scheduler.intake import take_in
from scheduler.verify import verify

SIZES = [(40, 1), (60, 1), (120, 1), (225, 2), (350, 3), (900, 5)]


@pytest.fixture(scope="module")
def demo() -> Dossier:
    """The dossier behind `data/demo`."""
    return generate(**DEMO)


def _hours_per_gp(dossier: Dossier, gps: int) -> float:
    return sum(shift.hours for shift in shifts_of(dossier) if not shift.is_standby) / gps


def test_the_same_arguments_give_the_same_dossier() -> None:
    """Two runs with one seed agree in every field."""
    assert generate(60, 1, 3) == generate(60, 1, 3)


def test_another_seed_gives_other_people() -> None:
    """The seed reaches the names and the absences, and leaves the demand alone."""
    one, other = generate(60, 1, 3), generate(60, 1, 4)
    assert [gp.name for gp in one.gps] != [gp.name for gp in other.gps]
    assert one.absences != other.absences
    assert one.shift_types == other.shift_types


def test_the_demo_has_the_shift_table_of_a_region_of_420000_patients(demo: Dossier) -> None:
    """Doctors per post on a weekday evening, at night and in the weekend, and one lead and one standby each block."""
    doctors: Counter[tuple[str, str]] = Counter()
    for kind in demo.shift_types:
        doctors[kind.post_id if kind.role in (Role.CONSULT, Role.VISIT) else kind.role, kind.id.split("-")[-1]] += (
            kind.headcount
        )
    table = {post: [doctors[post, block] for block in ("avond", "nacht", "dag", "laat")] for post in "ABC"}
    assert table == {"A": [3, 2, 4, 4], "B": [2, 1, 3, 3], "C": [2, 0, 2, 2]}
    assert [doctors[Role.LEAD, block] for block in ("avond", "nacht", "dag", "laat")] == [1, 0, 1, 1]
    assert [doctors[Role.STANDBY, block] for block in ("avond", "nacht", "dag", "laat")] == [1, 1, 1, 1]
    assert [post.patients for post in demo.posts] == [200_000, 130_000, 90_000]


def test_the_demo_has_the_classes_of_the_national_mix(demo: Dossier) -> None:
    """180 owners, 95 employees, 75 locums, ten trainees and a junior."""
    assert Counter(gp.contract for gp in demo.gps) == {
        Contract.PRACTICE_OWNER: 180,
        Contract.SALARIED: 95,
        Contract.LOCUM: 75,
        Contract.TRAINEE: 10,
        Contract.JUNIOR: 1,
    }


def test_the_demo_asks_about_as_much_as_the_demo_year_of_2026() -> None:
    """5,359 shifts and 38,799 hours beside standby, the figures of the shift table counted over 2026."""
    shifts = [shift for shift in shifts_of(generate(350, 3, 1, 2026)) if not shift.is_standby]
    assert len(shifts) == 5359
    assert sum(shift.hours for shift in shifts) == 38_799


@pytest.mark.long
@pytest.mark.parametrize(("gps", "posts"), [size for size in SIZES if size[0] >= 60])
def test_every_size_asks_about_as_many_hours_of_a_gp(gps: int, posts: int) -> None:
    """The mean load stays within a tenth of 110 hours a year."""
    assert 100 < _hours_per_gp(generate(gps, posts, 1), gps) < 121


def test_twice_the_gps_means_twice_the_demand() -> None:
    """The pair of the doubling benchmark has the same load per GP."""
    one, two = _hours_per_gp(generate(225, 2, 1), 225), _hours_per_gp(generate(450, 4, 1), 450)
    assert one == pytest.approx(two, rel=0.02)


@pytest.mark.parametrize(("gps", "posts"), SIZES)
def test_every_shift_has_many_who_may_take_it(gps: int, posts: int) -> None:
    """On any day at least six GPs, or one in ten, have an agreement for a shift and are not away."""
    dossier = generate(gps, posts, 2)
    for shift in shifts_of(dossier)[:: max(1, gps // 10)]:
        able = 0
        for gp in dossier.gps:
            agreement = dossier.agreement_on(gp.id, shift.day)
            away = any(shift.touches(a.start, a.end) for a in dossier.absences_by_gp.get(gp.id, ()))
            able += bool(
                agreement
                and shift.post_id in agreement.posts
                and shift.role in agreement.roles
                and (agreement.nights or not shift.is_night)
                and not away
            )
        assert able >= max(6, gps / 20), shift.id


@pytest.mark.parametrize(("gps", "posts"), [(40, 1), (350, 3)])
def test_even_without_second_thoughts_every_shift_is_filled(gps: int, posts: int) -> None:
    """Handing out shifts one by one leaves none open and breaks no rule, so a roster exists."""
    dossier = generate(gps, posts, DEMO["seed"])
    verdict = verify(dossier, peer_greedy.make(dossier, Options(time_limit=60, workers=1, seed=1)))
    assert verdict.unfilled == ()
    assert verdict.violations == ()


def test_shares_add_up_to_the_demand_and_nobody_is_asked_the_impossible(demo: Dossier) -> None:
    """The targets cover all hours; the largest is well under the 780 hours that the four-week limit leaves."""
    shifts = shifts_of(demo)
    totals: Counter[str] = Counter()
    for (gp_id, burden), hours in fair_shares(demo, shifts).targets.items():
        totals[gp_id] += 0 if burden == "standby" else hours  # type: ignore[assignment]
    assert sum(totals.values()) == pytest.approx(sum(shift.hours for shift in shifts if not shift.is_standby))
    assert max(totals.values()) < 320


def test_the_demo_has_rights_and_shares_that_change(demo: Dossier) -> None:
    """An owner who does no more nights from some month on, partners of unlike weight, leave that lowers a share."""
    exempt = [
        (before, after)
        for before, after in pairwise(demo.agreements)
        if before.gp_id == after.gp_id and before.nights and not after.nights
    ]
    assert exempt
    for before, after in exempt:
        assert before.contract is after.contract is Contract.PRACTICE_OWNER
        assert before.valid_until + DAY == after.valid_from
    weights = Counter(agreement.share for agreement in demo.agreements)
    assert weights[0.6] == weights[0.4] > 0
    assert {one.reason for one in demo.absences} >= set(demo.sharing.excused_reasons)
    assert demo.sharing.excused_reasons


def test_an_hds_without_enough_gps_is_refused() -> None:
    """Three posts cannot be kept open by twenty GPs, nor can a hundred posts be named."""
    with pytest.raises(ImpossibleSize):
        generate(20, 3, 1)
    with pytest.raises(ImpossibleSize):
        generate(9000, 100, 1)


def test_few_gps_leave_their_nights_to_others() -> None:
    """Under 33 GPs a post round the clock would cost each more than 200 hours, so it closes at night."""
    assert any(shift.is_night and not shift.is_standby for shift in shifts_of(generate(33, 1, 1)))
    assert not any(shift.is_night and not shift.is_standby for shift in shifts_of(generate(32, 1, 1)))


@pytest.mark.parametrize(("months", "last"), [(1, date(2027, 1, 31)), (2, date(2027, 2, 28)), (12, date(2027, 12, 31))])
def test_months_cut_the_period(months: int, last: date) -> None:
    """The period ends with the last of the months, whatever its length."""
    dossier = generate(40, 1, 1, months=months)
    assert dossier.period.end == last
    assert all(a.valid_until <= last for a in dossier.agreements)


@pytest.mark.parametrize("months", [0, 13])
def test_months_outside_a_year_are_refused(months: int) -> None:
    """A period of no months, or of more than a year, is no roster period."""
    with pytest.raises(ValueError, match="months"):
        generate(40, 1, 1, months=months)


@pytest.mark.parametrize(("gps", "posts"), [(60, 1), (350, 3)])
def test_what_belongs_together_fits(gps: int, posts: int) -> None:
    """Practices add up to the patients of the posts, absences do not overlap, and trainers own a practice."""
    dossier = generate(gps, posts, 5)
    assert sum(p.patients for p in dossier.practices) == sum(p.patients for p in dossier.posts)
    for absences in dossier.absences_by_gp.values():
        assert all(one.end < two.start for one, two in pairwise(absences))
    trainers = [gp.trainer_gp_id for gp in dossier.gps if gp.contract is Contract.TRAINEE]
    assert len(set(trainers)) == len(trainers)
    assert all(dossier.gp_by_id[trainer or ""].contract is Contract.PRACTICE_OWNER for trainer in trainers)
    assert len({gp.name for gp in dossier.gps}) == len(dossier.gps)


def test_every_gp_on_duty_has_agreement_and_payee(demo: Dossier) -> None:
    """Qualified GPs have both, juniors have neither."""
    qualified = {gp.id for gp in demo.gps if gp.contract in QUALIFIED}
    assert qualified == {payee.gp_id for payee in demo.payees}
    assert qualified <= {agreement.gp_id for agreement in demo.agreements}
    assert not any(demo.gp_by_id[a.gp_id].contract is Contract.JUNIOR for a in demo.agreements)


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2028])
def test_any_year_can_be_read_back_without_a_remark(year: int, tmp_path: Path) -> None:
    """Leap years, and years after one in which Koningsdag was on a Saturday; locks are judged as well."""
    dossier = generate(60, 1, 8, year)
    write_dossier(dossier, tmp_path)
    reading = take_in(tmp_path)
    assert reading.dossier == dossier
    assert reading.notices == ()


def test_a_registration_that_ends_in_the_year_outlives_its_agreement() -> None:
    """An owner who stops keeps the registration a little longer than the agreement, never shorter."""
    dossier = generate(350, 3, 1)
    ending = [gp for gp in dossier.gps if gp.registered_until and gp.registered_until < dossier.period.end]
    assert ending
    for gp in ending:
        last = max(a.valid_until for a in dossier.agreements_by_gp[gp.id])
        assert gp.registered_until is not None
        assert last < gp.registered_until


def test_nobody_wishes_during_an_absence(demo: Dossier) -> None:
    """A wish about days on which the GP is away anyway would say nothing."""
    for wish in demo.wishes:
        assert not any(
            wish.interval[0] < absence.interval[1] and absence.interval[0] < wish.interval[1]
            for absence in demo.absences_by_gp.get(wish.gp_id, ())
        )
