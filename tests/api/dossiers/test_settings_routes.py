"""Settings of a dossier are read and changed, judged with everything in it."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.api.dossiers.conftest import SQLITE_ONLY, AsRole


def test_settings_are_put_back_as_they_are(planner: TestClient, where: str) -> None:
    """What was given out can be sent back, and is the same."""
    seen = planner.get(f"{where}/settings")
    assert seen.json()["period"] == {"start": "2027-01-01", "end": "2027-12-31"}
    back = planner.put(f"{where}/settings", json=seen.json(), headers={"If-Match": seen.headers["ETag"]})
    assert back.status_code == 200, back.text
    assert (back.json(), back.headers["ETag"]) == (seen.json(), seen.headers["ETag"])


def test_some_settings_change_and_the_others_stay(planner: TestClient, where: str) -> None:
    """Keys of a table one by one; null gives a key its default; the ETag is that of the settings alone."""
    seen = planner.get(f"{where}/settings")
    some = {
        "rules": {"max_shifts_per_week": 2, "night_before_clinic": "ignore"},
        "payout": {"standby_rate": "15,50"},
        "burdens": ["night"],
    }
    done = planner.patch(f"{where}/settings", json=some, headers={"If-Match": seen.headers["ETag"]})
    assert done.status_code == 200, done.text
    before, after = seen.json(), done.json()
    assert after["rules"] == before["rules"] | some["rules"]
    assert (after["payout"]["standby_rate"], after["burdens"]) == ("15.50", ["night"])
    assert {key: after[key] for key in ("period", "weights", "calendar")} == {
        key: before[key] for key in ("period", "weights", "calendar")
    }
    late = planner.patch(f"{where}/settings", json=some, headers={"If-Match": seen.headers["ETag"]})
    assert late.status_code == 412
    none = planner.patch(
        f"{where}/settings",
        json={"payout": {"standby_rate": None}, "rules": {"max_shifts_per_week": None}, "burdens": None},
        headers={"If-Match": done.headers["ETag"]},
    )
    assert none.json()["payout"]["standby_rate"] is None
    assert none.json()["rules"]["max_shifts_per_week"] == 3
    assert none.json()["burdens"] == before["burdens"]


@SQLITE_ONLY
def test_mistakes_in_settings_are_told_all_at_once(planner: TestClient, where: str) -> None:
    """Unknown keys, wrong types and values out of bounds, each with the key where it stands."""
    wrong = {
        "hds_name": "X",
        "period": {"start": "2027-12-31", "end": "2027-01-01"},
        "calendar": {"open_on_good_friday": 1},
        "rules": {"max_shifts_per_week": 0.5, "rust": 3, "night_before_clinic": "soms"},
        "weights": {"spacing": -1},
        "burdens": ["nacht"],
        "payout": {"standby_rate": "veel"},
    }
    answer = planner.put(f"{where}/settings", json=wrong, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (422, "dossier_invalid")
    assert {(one["part"], one["column"]) for one in answer.json()["errors"]} >= {
        ("settings", column)
        for column in (
            "period.end", "calendar.open_on_good_friday", "rules.max_shifts_per_week", "rules.rust",
            "rules.night_before_clinic", "weights.spacing", "fairness.burdens", "payout.standby_rate",
        )
    }  # fmt: skip


@SQLITE_ONLY
def test_a_period_without_a_locked_shift_is_refused(planner: TestClient, where: str) -> None:
    """Settings are judged with the rest: the shift of a lock must still be there."""
    later = {"period": {"start": "2027-04-01"}}
    answer = planner.patch(f"{where}/settings", json=later, headers={"If-Match": "*"})
    assert [one["part"] for one in answer.json()["errors"]] == ["locks"]


@SQLITE_ONLY
def test_settings_are_for_planners(as_role: AsRole, where: str) -> None:
    """Nobody else reads or changes them, and a change wants an ETag."""
    for role, gp_id in (("gp", "G1"), ("finance", None), ("insurer", None), ("administrator", None)):
        client = as_role(role, gp_id=gp_id)
        assert client.get(f"{where}/settings").status_code == 403
        assert client.patch(f"{where}/settings", json={}, headers={"If-Match": "*"}).status_code == 403
    assert as_role("planner").patch(f"{where}/settings", json={}).status_code == 428


def test_shares_add_up_and_a_gp_sees_the_own_one(as_role: AsRole, planner: TestClient, where: str) -> None:
    """The targets of all GPs are the hours that there are to do; each step is told; a GP sees the own share only."""
    shares = planner.get(f"{where}/shares").json()
    assert [one["gp_id"] for one in shares["gps"]] == ["G1", "G2"]
    targets = sum(hours for one in shares["gps"] for hours in one["targets"].values())
    assert abs(targets - sum(one["share"] for one in shares["gps"])) < 1e-6
    assert targets > 5000
    assert shares["gps"][0]["steps"]["agreed"] == 100
    assert shares["gps"][1]["steps"]["practice_id"] == "H1"
    own = as_role("gp", gp_id="G1").get(f"{where}/shares").json()
    assert own["gps"] == shares["gps"][:1]
    assert as_role("gp", gp_id="G9").get(f"{where}/shares").json()["gps"] == []
    assert as_role("finance").get(f"{where}/shares").status_code == 403


def test_how_hours_are_shared_is_kept(planner: TestClient, where: str) -> None:
    """The owners' key, their least hours and the excused reasons are stored, given out, and reset by null."""
    sharing = {"owner_key": "fte", "least_hours": 40.0, "excused_reasons": ["bevallingsverlof", "langdurig ziek"]}
    etag = planner.get(f"{where}/settings").headers["ETag"]
    done = planner.patch(f"{where}/settings", json={"sharing": sharing}, headers={"If-Match": etag})
    assert done.status_code == 200, done.text
    assert planner.get(f"{where}/settings").json()["sharing"] == sharing
    reset = planner.patch(
        f"{where}/settings", json={"sharing": {"owner_key": None}}, headers={"If-Match": done.headers["ETag"]}
    )
    assert reset.json()["sharing"] == sharing | {"owner_key": "patients"}


@SQLITE_ONLY
def test_mistakes_in_how_hours_are_shared_are_refused(planner: TestClient, where: str) -> None:
    """A key that does not exist, hours below nothing and the same reason twice, told together."""
    wrong = {"owner_key": "leeftijd", "least_hours": -1, "excused_reasons": ["ziek", "ziek"]}
    answer = planner.patch(f"{where}/settings", json={"sharing": wrong}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (422, "dossier_invalid")
    assert {one["column"] for one in answer.json()["errors"]} == {f"fairness.{key}" for key in wrong}
