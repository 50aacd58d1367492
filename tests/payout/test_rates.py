"""Nothing is paid above the national maximum, whatever was agreed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.calendar import HourKind
from scheduler.domain.people import Role
from scheduler.domain.settings import PayoutSettings
from scheduler.domain.time import AMSTERDAM
from scheduler.errors import DossierError
from scheduler.payout import Stretch, TariffTable, rate_mistakes
from scheduler.payout.tariffs import NATIONAL_KINDS
from tests.payout.paying import BY_NATIONAL, LOCAL, YEARS, due, hds, own_table, rostered, shift, tariff

IN_2024 = YEARS.replace(start=date(2024, 1, 1))
NIGHT = shift("2024-01-10T23:00", "2024-01-11T08:00")


def agreed(**rates: str) -> PayoutSettings:
    """Settings with agreed rates."""
    return LOCAL.replace(agreed_rates={HourKind(kind): Decimal(rate) for kind, rate in rates.items()})


def test_a_rate_above_the_maximum_is_refused_naming_both() -> None:
    """EUR 140.54 for the night of 2024, one cent too much."""
    assert not list(rate_mistakes(agreed(night="140.53"), BY_NATIONAL, IN_2024))
    (mistake,) = rate_mistakes(agreed(night="140.54"), BY_NATIONAL, IN_2024)
    assert "140.54" in mistake.expected
    assert "140.53" in mistake.expected
    assert "nacht" in mistake.expected


@pytest.mark.parametrize("rate", ["0", "-1", "100.005", "1000000.01"])
@pytest.mark.parametrize("place", ["agreed", "early_evening_rate", "standby_rate"])
def test_a_rate_that_is_no_positive_number_of_cents_is_refused(place: str, rate: str) -> None:
    """For agreed and local rates alike."""
    settings = agreed(night=rate) if place == "agreed" else LOCAL.replace(**{place: Decimal(rate)})
    assert len(list(rate_mistakes(settings, BY_NATIONAL, IN_2024))) == 1


def test_the_early_evening_has_no_agreed_rate() -> None:
    """Its one rate is the local one."""
    assert len(list(rate_mistakes(agreed(early_evening="80"), BY_NATIONAL, IN_2024))) == 1


def test_paying_by_a_refused_rate_is_impossible() -> None:
    """The refusal also guards payment itself."""
    with pytest.raises(DossierError):
        due(rostered([NIGHT]), hds(payout=agreed(night="200.00")))


def test_a_rate_below_the_maximum_is_paid_as_agreed() -> None:
    """An HDS may pay less."""
    lines = due(rostered([NIGHT]), hds(payout=agreed(night="120.00")))
    night = lines[lines["kind"] == "night"].iloc[0]
    assert (night["rate"], night["capped"], night["amount"]) == (12000, False, 96000)


def test_a_line_says_that_it_was_capped() -> None:
    """Agreed under the maximum of 2024, above that of 2023: the night of 2023 is cut to its own maximum."""
    shifts = [shift("2023-01-12T00:00", "2023-01-12T08:00"), shift("2024-01-11T00:00", "2024-01-11T08:00")]
    lines = due(rostered(shifts), hds(payout=agreed(night="140.00")))
    assert lines[["rate", "agreed", "capped"]].values.tolist() == [[13187, 14000, True], [14000, 14000, False]]


def test_a_lowered_maximum_caps_instead_of_refusing() -> None:
    """A table that comes later may lie under what was agreed in good faith."""
    lowered = own_table({HourKind.NIGHT: 13000})
    lines = due(rostered([NIGHT]), hds(payout=agreed(night="140.00")), lowered)
    night = lines[lines["kind"] == "night"].iloc[0]
    assert (night["rate"], night["capped"]) == (13000, True)


RATES = st.fixed_dictionaries({kind: st.integers(1, 30_000) for kind in NATIONAL_KINDS})
CORRECTED_FROM = date(2024, 7, 1)


@st.composite
def agreements(draw: st.DrawFn) -> tuple[dict[HourKind, int], dict[HourKind, int], dict[HourKind, int]]:
    """Maxima, corrected maxima from July on, and agreed rates: at, just under, just over or far from the maximum."""
    maxima, corrected = draw(RATES), draw(RATES)
    highest = {kind: max(maxima[kind], corrected[kind]) for kind in NATIONAL_KINDS}
    near = {kind: draw(st.sampled_from([1, cents // 2 + 1, cents, cents])) for kind, cents in highest.items()}
    if draw(st.integers(0, 4)) == 0:
        near[HourKind.NIGHT] = highest[HourKind.NIGHT] + 1
    return maxima, corrected, near


@settings(max_examples=60, deadline=None)
@given(rates=agreements(), start=st.integers(0, 366 * 24 * 60), minutes=st.integers(1, 16 * 60), called=st.booleans())
def test_no_national_kind_is_ever_paid_above_its_maximum(
    rates: tuple[dict[HourKind, int], dict[HourKind, int], dict[HourKind, int]],
    start: int,
    minutes: int,
    called: bool,
) -> None:
    """Any table, any agreed rates, any hours, worked or called in: refused, or every line at most the maximum."""
    maxima, corrected, agreed_cents = rates
    begin = shift("2024-01-01T00:00", "2024-01-01T00:15").starts_at + timedelta(minutes=start)
    end = begin + timedelta(minutes=minutes)
    one = shift(begin.isoformat(), end.isoformat(), Role.STANDBY if called else Role.CONSULT)
    calls = [Stretch(shift_id=one.id, gp_id="A", start=begin, end=end)] if called else []
    table = TariffTable(
        national=[tariff(kind, cents, "2023-01-01", "2026-01-01") for kind, cents in maxima.items()],
        own=[tariff(kind, cents, str(CORRECTED_FROM), "2026-01-01") for kind, cents in corrected.items()],
    )
    settings = agreed(**{kind.value: str(Decimal(cents) / 100) for kind, cents in agreed_cents.items()})
    above = any(agreed_cents[kind] > max(maxima[kind], corrected[kind]) for kind in NATIONAL_KINDS)
    try:
        lines = due(rostered([one]), hds(payout=settings), table, call_ins=calls)
    except DossierError:
        assert above
        return
    assert not above
    assert lines["minutes"].sum() == minutes
    for line in lines[lines["kind"] != "early_evening"].to_dict("records"):
        in_force = corrected if line["start"].tz_convert(AMSTERDAM).date() >= CORRECTED_FROM else maxima
        ceiling, wanted = in_force[HourKind(line["kind"])], agreed_cents[HourKind(line["kind"])]
        assert line["rate"] == min(wanted, ceiling)
        assert line["capped"] is (wanted > ceiling)
        assert line["amount"] <= (line["minutes"] * ceiling + 30) // 60
