"""Which passwords are too weak to take."""

from __future__ import annotations

import pytest

from api.auth.passwords import LONGEST, SHORTEST, find_weaknesses, one_time_password

OWN = ("ria", "Ria Voorbeeld", "ria@hds.example", "twente-oost", "Spoedpost Twente Oost")


@pytest.mark.parametrize(
    "password",
    [
        "wachtwoord123", "Welkom2026!!", "welkom-welkom-1", "Winter2026!Winter", "huisarts2026!", "qwertyuiop123",
        "Amsterdam2026!", "geheim-geheim-geheim", "aaaaaaaaaaaa", "123456789012", "voorbeeld-ria-1", "twente-oost-26",
        "Spoedpost2026", "W@chtwoord2026", "Nachtdienst01", "januari2027!!", "feyenoord1908", "aB1!aB1!aB1!",
    ],
)  # fmt: skip
def test_what_others_would_try_is_refused(password: str) -> None:
    """Common words, Dutch ones too, the own names, years, rows of keys and repetitions."""
    assert len(password) >= SHORTEST
    assert list(find_weaknesses(password, OWN))


@pytest.mark.parametrize(
    "password", ["kers-boom-vlam-ruit", "vuur-steen-zee-8", "Tq7#pLw9zX!d", "z" * 3 + "kQ9#vT2mW!xB4"]
)
def test_what_nobody_would_think_of_is_taken(password: str) -> None:
    """Words without a link, or signs without a row."""
    assert list(find_weaknesses(password, OWN)) == []


def test_a_password_that_is_handed_over_is_strong() -> None:
    """Its receiver may keep to its form."""
    assert list(find_weaknesses(one_time_password(), OWN)) == []


def test_the_longest_password_is_judged_too() -> None:
    """By its first signs: the work does not grow with it."""
    assert list(find_weaknesses("a" * LONGEST, OWN))
    assert list(find_weaknesses(one_time_password() * (LONGEST // 23), OWN)) == []


def test_a_short_one_is_told_to_be_longer() -> None:
    """How hard it is to guess then matters no more."""
    assert len(list(find_weaknesses("Tq7#p", OWN))) == 1
