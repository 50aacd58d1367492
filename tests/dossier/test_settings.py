"""`hds.toml`: each key judged on its own, with its line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scheduler.domain.calendar import HourKind
from scheduler.domain.settings import OwnerKey, RuleParameters, SharingSettings, Strictness, Weights
from tests.dossier.folders import FILES, Folder

BURDENS = '["evening", "night", "weekend", "holiday", "standby"]'
WRONG = [
    ("format = 1", "format = 2", 1, "format", "2"),
    ("format = 1", "format = true", 1, "format", "true"),
    ("format = 1", 'format = "1"', 1, "format", "1"),
    ("format = 1\n", "\n", None, "format", ""),
    ("[hds]", "[hdz]", 3, "hdz", "hdz"),
    ('id = "klein"', 'id = ""', 4, "hds.id", ""),
    ('id = "klein"', "id = 7", 4, "hds.id", "7"),
    ('name = "Klein"', 'naam = "Klein"', 5, "hds.naam", "naam"),
    ("start = 2027-01-04", 'start = "2027-01-04"', 8, "period.start", "2027-01-04"),
    ("start = 2027-01-04", "start = 2027-01-04T00:00:00", 8, "period.start", "2027-01-04 00:00:00"),
    ("start = 2027-01-04", "start = 2027-01-18", 9, "period.end", "2027-01-17"),
    ("start = 2027-01-04\n", "", 7, "period.start", ""),
    ("end = 2027-01-17", "end = 2207-01-17", 9, "period.end", "2207-01-17"),
    ("end = 2027-01-17", "end = 2072-01-17", 9, "period.end", "2072-01-17"),
    ("min_rest_hours = 11", "min_rest_hour = 11", 12, "rules.min_rest_hour", "min_rest_hour"),
    ("min_rest_hours = 11", 'min_rest_hours = "11"', 12, "rules.min_rest_hours", "11"),
    ("min_rest_hours = 11", "min_rest_hours = -1", 12, "rules.min_rest_hours", "-1"),
    ("min_rest_hours = 11", "min_rest_hours = nan", 12, "rules.min_rest_hours", "nan"),
    ("min_rest_hours = 11", "min_rest_hours = inf", 12, "rules.min_rest_hours", "inf"),
    ("min_rest_hours = 11", "min_rest_hours = true", 12, "rules.min_rest_hours", "true"),
    ("min_rest_hours = 11", "max_shifts_per_week = 2.5", 12, "rules.max_shifts_per_week", "2.5"),
    ("min_rest_hours = 11", "max_shifts_per_week = 0", 12, "rules.max_shifts_per_week", "0"),
    ("min_rest_hours = 11", "max_hours_per_4_weeks = 0", 12, "rules.max_hours_per_4_weeks", "0"),
    ("min_rest_hours = 11", "max_weekends_in_5 = 6", 12, "rules.max_weekends_in_5", "6"),
    ("min_rest_hours = 11", 'night_before_clinic = "never"', 12, "rules.night_before_clinic", "never"),
    ("min_rest_hours = 11", "night_before_clinic = true", 12, "rules.night_before_clinic", "true"),
    ("[rules]\nmin_rest_hours = 11", "[weights]\nspacing = -1", 12, "weights.spacing", "-1"),
    ("[rules]\nmin_rest_hours = 11", "[weights]\nafstand = 1", 12, "weights.afstand", "afstand"),
    ("[rules]\nmin_rest_hours = 11", "[calendar]\nopen_on_good_friday = 1", 12, "calendar.open_on_good_friday", "1"),
    ("[rules]\nmin_rest_hours = 11", "[calendar]\nopen = true", 12, "calendar.open", "open"),
    (BURDENS, '["dag"]', 15, "fairness.burdens", "['dag']"),
    (BURDENS, "[]", 15, "fairness.burdens", "[]"),
    (BURDENS, '"night"', 15, "fairness.burdens", "night"),
    (BURDENS, '["night", "night"]', 15, "fairness.burdens", "night, night"),
    (BURDENS, '["night"]\nowner_key = "aantal"', 16, "fairness.owner_key", "aantal"),
    (BURDENS, '["night"]\nowner_key = 3', 16, "fairness.owner_key", "3"),
    (BURDENS, '["night"]\nleast_hours = -1', 16, "fairness.least_hours", "-1"),
    (BURDENS, '["night"]\nleast_hours = "40"', 16, "fairness.least_hours", "40"),
    (BURDENS, '["night"]\nleast_hours = true', 16, "fairness.least_hours", "true"),
    (BURDENS, '["night"]\nexcused_reasons = "ziek"', 16, "fairness.excused_reasons", "ziek"),
    (BURDENS, '["night"]\nexcused_reasons = [" "]', 16, "fairness.excused_reasons", "[' ']"),
    (BURDENS, '["night"]\nexcused_reasons = ["ziek", "ziek "]', 16, "fairness.excused_reasons", "ziek, ziek "),
    (BURDENS, '["night"]\nexcused_reasons = ["ziek;verlof"]', 16, "fairness.excused_reasons", "['ziek;verlof']"),
    (BURDENS, '["night"]\nleast_hour = 4', 16, "fairness.least_hour", "least_hour"),
    ('standby_rate = "15.00"', "standby_rate = 15.00", 18, "payout.standby_rate", "15.0"),
    ('standby_rate = "15.00"', 'standby_rate = "vijftien"', 18, "payout.standby_rate", "vijftien"),
    ('standby_rate = "15.00"', 'standby_rate = "-15.00"', 18, "payout.standby_rate", "-15.00"),
    ('standby_rate = "15.00"', 'night_rate = "15.00"', 18, "payout.night_rate", "night_rate"),
    ("[payout]", "[payout.agreed_rates]\nnacht = '1'\n[payout]", 18, "payout.agreed_rates.nacht", "nacht"),
    ("[payout]", "[payout.agreed_rates]\nnight = 'x'\n[payout]", 18, "payout.agreed_rates.night", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "column", "found"), WRONG)
def test_a_wrong_setting_is_refused_at_its_place(
    folder: Folder, old: str, new: str, line: int | None, column: str, found: str
) -> None:
    """An unknown key and a value of the wrong kind are told with their line."""
    folder.change("hds.toml", old, new)
    mistakes = [(mistake.file, mistake.line, mistake.column, mistake.found) for mistake in folder.mistakes()]
    assert ("hds.toml", line, column, found) in mistakes
    assert {mistake[0] for mistake in mistakes} == {"hds.toml"}


def test_a_table_that_is_no_table_is_refused(folder: Folder) -> None:
    """A value where a table should stand is one mistake, and its keys are not looked for."""
    content = FILES["hds.toml"].replace("[rules]\nmin_rest_hours = 11\n", "")
    folder.write("hds.toml", "rules = 3\n" + content)
    assert folder.only_mistake() == ("hds.toml", 1, "rules", "3")


def test_what_is_no_toml_is_refused_with_its_line(folder: Folder) -> None:
    """A slip in the syntax is told with the line on which reading stopped."""
    folder.change("hds.toml", 'name = "Klein"', "name = Klein")
    assert folder.only_mistake() == ("hds.toml", 5, None, "name = Klein")


def test_keys_that_are_left_out_take_their_defaults(folder: Folder) -> None:
    """Rules, weights, calendar and burdens may be absent."""
    kept, _, _ = FILES["hds.toml"].partition("[rules]")
    folder.write("hds.toml", kept)
    dossier = folder.read().dossier
    assert dossier.rules == RuleParameters()
    assert dossier.weights == Weights()
    assert dossier.calendar.open_on_good_friday
    assert dossier.payout.standby_rate is None


def test_the_sharing_of_hours_is_by_patients_unless_said_otherwise(folder: Folder) -> None:
    """No least hours and no excused reasons either; what is given is used, blanks around a reason left out."""
    assert folder.read().dossier.sharing == SharingSettings()
    folder.change("hds.toml", BURDENS, f'{BURDENS}\nowner_key = "fte"\nleast_hours = 40\nexcused_reasons = [" ziek"]')
    found = folder.read().dossier.sharing
    assert found == SharingSettings(owner_key=OwnerKey.FTE, least_hours=40, excused_reasons=("ziek",))


def test_settings_that_are_given_are_used(folder: Folder) -> None:
    """Every kind of value reaches the dossier as it stands; whole numbers do for hours."""
    folder.change("hds.toml", "min_rest_hours = 11", 'min_rest_hours = 6.5\nsaturday_and_sunday = "forbid"')
    folder.change("hds.toml", "[payout]", "[weights]\nspacing = 0\n[calendar]\nopen_on_good_friday = false\n[payout]")
    folder.add("hds.toml", '[payout.agreed_rates]\nnight = "99,5"')
    dossier = folder.read().dossier
    assert dossier.rules.min_rest_hours == 6.5
    assert dossier.rules.saturday_and_sunday is Strictness.FORBID
    assert dossier.weights.spacing == 0
    assert not dossier.calendar.open_on_good_friday
    assert dossier.payout.standby_rate == Decimal("15.00")
    assert dossier.payout.agreed_rates == {HourKind.NIGHT: Decimal("99.5")}
    assert folder.notice_codes() == {"decimal_comma"}
