"""The files that say what was really worked."""

from datetime import datetime
from pathlib import Path

import pytest

from scheduler.dossier.findings import Findings
from scheduler.payout import Actuals
from scheduler.payout.worked import read_actuals

HEADER = "shift_id,gp_id,start,end\n"


def read(folder: Path, worked: str = "", call_ins: str = "") -> tuple[Actuals, Findings]:
    """What these rows give."""
    for name, rows in (("worked.csv", worked), ("call_ins.csv", call_ins)):
        if rows:
            (folder / name).write_text(HEADER + rows + "\n", encoding="utf-8")
    findings = Findings()
    return read_actuals(folder, findings), findings


def test_both_files_may_be_absent(tmp_path: Path) -> None:
    """Then everything went as planned."""
    assert read(tmp_path) == (Actuals(), Findings())


def test_a_local_time_without_offset_is_that_of_the_clock(tmp_path: Path) -> None:
    """And with an offset it is that moment: both hours 02:30 of October can be told."""
    told = ["a/1/1,A,2024-10-27T02:30+02:00,2024-10-27T02:30+01:00", "b/1/1,A,2024-10-27T01:00,2024-10-27T02:30"]
    actuals, findings = read(tmp_path, "\n".join(told))
    assert not findings.mistakes
    hours = [(one.ends_at - one.starts_at).total_seconds() / 3600 for one in actuals.worked]
    assert hours == [1, 1.5]
    assert [one.line for one in actuals.worked] == [2, 3]
    assert actuals.worked[0].starts_at == datetime.fromisoformat("2024-10-27T00:30+00:00")


@pytest.mark.parametrize(
    "moment",
    [
        "2024-03-31T02:30",
        "2024-01-10T17:00:30",
        "2024-01-10",
        "17:00",
        "2024-01-10T25:00",
        "",
        "2024-01-10T17:00+99:00",
    ],
)
def test_a_time_that_does_not_exist_is_refused(tmp_path: Path, moment: str) -> None:
    """The hour that the clock skips, seconds, half a moment."""
    actuals, findings = read(tmp_path, f"a/1/1,A,{moment},2024-03-31T08:00")
    assert [(one.file, one.line, one.column) for one in findings.mistakes] == [("worked.csv", 2, "start")]
    assert not actuals.worked


def test_nobody_may_have_worked_a_shift_but_nobody_is_never_called_in(tmp_path: Path) -> None:
    """An empty GP is only an answer in worked.csv."""
    actuals, findings = read(tmp_path, "a/1/1,,,", "a/1/1,,2024-01-10T17:00,2024-01-10T18:00")
    assert [one.is_empty for one in actuals.worked] == [True]
    assert [(one.file, one.column) for one in findings.mistakes] == [("call_ins.csv", "gp_id")]


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    """Named, not guessed."""
    (tmp_path / "worked.csv").write_text(
        "shift_id,arts,start,end\na,A,2024-01-10T17:00,2024-01-10T18:00\n", encoding="utf-8"
    )
    findings = Findings()
    read_actuals(tmp_path, findings)
    assert [one.column for one in findings.mistakes] == ["gp_id"]
