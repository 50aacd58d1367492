"""The output folder: its files, and what an interruption leaves of them."""

from __future__ import annotations

import csv
import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scheduler.domain.result import Phase
from scheduler.domain.shift import Burden
from scheduler.errors import OutputError, ReportUnmade
from scheduler.report.output import write_output
from tests.report.results import one_away, one_gp, result_of, two_posts

FILES = {"roster.csv", "quota.csv", "unfilled.csv", "summary.json", "report.html"}


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_of_the_format_is_there(tmp_path: Path) -> None:
    """The five files stand in a folder that did not exist, and nothing is left beside it."""
    write_output(*one_gp(), tmp_path / "deep" / "out")
    assert set(_contents(tmp_path / "deep" / "out")) == FILES
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_row_of_the_roster(tmp_path: Path) -> None:
    """Times have their UTC offset, and the trainee stands beside the GP."""
    dossier, result = two_posts()
    write_output(dossier, result, tmp_path)
    rows = {row["shift_id"]: row for row in _rows(tmp_path / "roster.csv")}
    assert len(rows) == len(result.roster.shifts)
    assert rows["night/2027-01-04/1"] == {
        "shift_id": "night/2027-01-04/1",
        "post_id": "Q",
        "role": "consult",
        "start": "2027-01-04T23:00+01:00",
        "end": "2027-01-05T08:00+01:00",
        "burden": "night",
        "gp_id": result.roster.gp_of["night/2027-01-04/1"],
        "trainee_gp_id": "",
    }
    assert [row["trainee_gp_id"] for row in rows.values() if row["trainee_gp_id"]] == ["T"]


def test_quota_hours_add_up_to_the_roster(tmp_path: Path) -> None:
    """Assigned hours are the hours of the shifts, target hours those of the result."""
    dossier, result = two_posts()
    write_output(dossier, result, tmp_path)
    rows = _rows(tmp_path / "quota.csv")
    hours = sum(shift.hours for shift in result.roster.shifts)
    assert sum(float(row["assigned_hours"]) for row in rows) == pytest.approx(hours)
    for row in rows:
        target = result.targets[row["gp_id"], Burden(row["burden"])]
        assert float(row["target_hours"]) == pytest.approx(target, abs=1e-4)


def test_an_open_shift_has_its_reasons(tmp_path: Path) -> None:
    """Six GPs may do the shift but for the one whose agreement ends before, who drops out by that rule."""
    dossier, _ = one_gp()
    short = dossier.agreements[0].replace(valid_until=dossier.period.start.replace(day=3))
    dossier = dossier.replace(agreements=[short])
    write_output(dossier, result_of(dossier, {}), tmp_path)
    assert _rows(tmp_path / "unfilled.csv") == [{"shift_id": "evening/2027-01-04/1", "reasons": "may_work=1"}]
    assert _rows(tmp_path / "roster.csv")[0]["gp_id"] == ""


def test_the_summary_counts_and_proves(tmp_path: Path) -> None:
    """A roster at its bounds is called proven, with the figures that show it."""
    dossier, result = one_gp()
    write_output(dossier, result.replace(seconds={Phase.SHARES: 0.25, Phase.PLACE: 1.0}), tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["counts"] == {
        "gps": 1, "gps_on_duty": 1, "shifts": 1, "filled": 1, "unfilled": 0, "unfilled_lower_bound": 0,
        "with_trainee": 0, "violations": 0,
    }  # fmt: skip
    assert summary["fairness"]["largest_deviation"] == 0
    assert summary["fairness"]["burdens"]["evening"]["lower_bound"] == 0
    assert summary["proven"] == {
        "coverage": True, "fairness": True, "fairness_within_reach": True, "soft_cost": True,
    }  # fmt: skip
    assert summary["seconds"] == {"shares": 0.25, "place": 1.0, "total": 1.25}
    assert (summary["engine_version"], summary["seed"], summary["workers"]) == ("0.0.1", 1, 1)
    assert (summary["cancelled"], summary["ended_by"]) == (False, "work")


def test_the_summary_names_who_could_not_be_there(tmp_path: Path) -> None:
    """With the targets out of reach, the days away, and the largest deviation of the others beside that of all."""
    write_output(*one_away(), tmp_path)
    fairness = json.loads((tmp_path / "summary.json").read_text())["fairness"]
    (away,) = fairness["out_of_reach"]
    assert away.pop("text").startswith("A kan de streefuren niet halen")
    assert away == {
        "gp_id": "A", "away_days": 7, "agreed_days": 7, "is_kept_away": True, "limits": [],
        "targets": [{"burden": "evening", "target_hours": 10.0, "most_hours": 0.0, "lacking_shifts": 1.6667}],
    }  # fmt: skip
    assert (fairness["largest_deviation"], fairness["lower_bound"]) == (1.6667, 1.6667)
    assert (fairness["largest_deviation_within_reach"], fairness["lower_bound_within_reach"]) == (1.3333, 1.3333)
    assert fairness["burdens"]["evening"]["largest_deviation_within_reach"] == 1.3333


def test_nothing_is_proven_of_an_incomplete_roster(tmp_path: Path) -> None:
    """Bounds hold for complete rosters: with a shift open, deviation 0 proves no fairness."""
    dossier, _ = one_gp()
    write_output(dossier, result_of(dossier, {}, deviation_bound={Burden.EVENING: 5.0}), tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["counts"]["unfilled"] == 1
    assert not any(summary["proven"].values())


def test_nothing_is_proven_of_a_roster_that_breaks_a_rule(tmp_path: Path) -> None:
    """A full roster proves nothing when a GP on it may not work: others might have to stay open."""
    dossier, result = one_gp()
    unfit = dossier.replace(agreements=[dossier.agreements[0].replace(posts={"Q"})])
    write_output(unfit, result, tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["violations"] == {"may_work": 1}
    assert not any(summary["proven"].values())


def test_figures_of_the_summary_are_rounded(tmp_path: Path) -> None:
    """Four decimals, so that the last bits of a sum do not differ from machine to machine."""
    dossier, result = two_posts()
    write_output(dossier, result, tmp_path)
    fairness = json.loads((tmp_path / "summary.json").read_text())["fairness"]
    figures = [fairness["largest_deviation"], *(burden["root_mean_square"] for burden in fairness["burdens"].values())]
    assert [round(figure, 4) for figure in figures] == figures


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    """Twice the same roster gives the same files, whatever time it took, but for the seconds."""
    dossier, result = two_posts()
    write_output(dossier, result, tmp_path / "one")
    write_output(dossier, result.replace(seconds={Phase.PLACE: 99.0}), tmp_path / "other")
    one, other = _contents(tmp_path / "one"), _contents(tmp_path / "other")
    timed = [json.loads(files.pop("summary.json")) for files in (one, other)]
    assert one == other
    assert timed[0].pop("seconds") != timed[1].pop("seconds")
    assert timed[0] == timed[1]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    """What the planner put beside the roster, such as worked.csv, outlives a new run."""
    write_output(*one_gp(), tmp_path / "out")
    (tmp_path / "out" / "worked.csv").write_text("shift_id,gp_id,start,end\n")
    write_output(*two_posts(), tmp_path / "out")
    assert set(_contents(tmp_path / "out")) == FILES | {"worked.csv"}
    assert len(_rows(tmp_path / "out" / "roster.csv")) > 1


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """Every write beyond `size` bytes fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_the_earlier_output(tmp_path: Path) -> None:
    """When the report no longer fits, the earlier files stand unchanged and no rubbish lies about."""
    write_output(*one_gp(), tmp_path / "out")
    before = _contents(tmp_path / "out")
    dossier, result = two_posts()
    with _files_no_larger_than(20_000), pytest.raises(OutputError, match="out"):
        write_output(dossier, result, tmp_path / "out")
    assert _contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A path that is a file stays as it is."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="out"):
        write_output(*one_gp(), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


class Unsayable:
    """A notice that the report can't show."""

    def __str__(self) -> str:
        raise ValueError("<geen woorden>")


def test_a_report_that_fails_costs_nobody_the_roster(tmp_path: Path) -> None:
    """Every other file is what it would have been, and the page says what went wrong instead of an earlier report."""
    dossier, result = two_posts()
    write_output(dossier, result, tmp_path)
    whole = _contents(tmp_path)
    write_output(*one_gp(), tmp_path)
    with pytest.raises(ReportUnmade, match="geen woorden"):
        write_output(dossier, result, tmp_path, [Unsayable()])
    assert {name for name, content in _contents(tmp_path).items() if content != whole[name]} == {"report.html"}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;geen woorden&gt;" in page
    assert "roster.csv" in page


def test_a_result_that_cannot_be_judged_is_still_written(tmp_path: Path) -> None:
    """Open shifts then have no reasons, and the summary has counts only."""
    dossier, result = two_posts(filled=False)
    without_rules = dossier.model_copy(update={"rules": None})
    with pytest.raises(ReportUnmade):
        write_output(without_rules, result, tmp_path / "out")
    assert set(_contents(tmp_path / "out")) == FILES
    assert {row["reasons"] for row in _rows(tmp_path / "out" / "unfilled.csv")} == {""}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["counts"]["unfilled"] == len(result.roster.shifts)
    assert "fairness" not in summary
