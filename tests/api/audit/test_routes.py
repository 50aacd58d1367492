"""What an administrator reads of the audit trail, and that nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit import Act, record
from api.db.engine import Database
from api.db.tables.people import Gp
from tests.api.conftest import add_user

URL = "/api/v1/hds/test/audit"
AsRole = Callable[..., TestClient]


@pytest.fixture
def trail(database: Database) -> None:
    """Three links: an import, a change of the data of GP a, and one of another HDS."""
    actor = add_user(database, "jansen", "test", "planner")
    add_user(database, "gp-a", "test", "gp", gp_id="a")
    with database.writing() as session:
        number = session.scalars(select(Gp.number).where(Gp.gp_id == "a")).one()
        record(session, "test", actor, Act("dossier.imported", "dossier/1"))
        record(session, "test", actor, Act("wish.added", "wish/1", {"w": 1}, {"w": 2}, "gevraagd", number))
        record(session, "other", actor, Act("dossier.imported", "dossier/2"))


@pytest.mark.parametrize("path", ["", "/head", "/verify"])
def test_only_administrators_read_the_trail(trail: None, client: TestClient, as_role: AsRole, path: str) -> None:
    """Without login 401, of another HDS 404, with another role 403."""
    assert client.get(URL + path).status_code == 401
    assert as_role("administrator", hds_id="elsewhere").get(URL + path).status_code == 404
    for role in ("planner", "finance", "insurer"):
        assert as_role(role).get(URL + path).status_code == 403
    assert as_role("administrator").get(URL + path).status_code == 200


def test_the_newest_link_comes_first(trail: None, as_role: AsRole) -> None:
    """Each link with who, what, before, after, why and whose; other HDSs stay out."""
    newest, oldest = as_role("administrator").get(URL).json()["items"]
    assert (oldest["seq"], oldest["action"], oldest["actor"]) == (1, "dossier.imported", "jansen")
    assert newest["before"] == {"w": 1}
    assert newest["after"] == {"w": 2}
    assert (newest["reason"], newest["gp_id"], newest["erased"]) == ("gevraagd", "a", False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"subject": "wish/1"}, [2]),
        ({"action": "dossier.imported"}, [1]),
        ({"gp_id": "a"}, [2]),
        ({"gp_id": "b"}, []),
        ({"actor_id": 2**40}, []),
        ({"until": "2020-01-01T00:00:00Z"}, []),
        ({"from": "2020-01-01T00:00:00Z"}, [2, 1]),
    ],
)
def test_filters_narrow_the_trail(trail: None, as_role: AsRole, query: dict[str, str], found: list[int]) -> None:
    """Each filter keeps what it names and nothing else."""
    answer = as_role("administrator").get(URL, params=query)
    assert [item["seq"] for item in answer.json()["items"]] == found


def test_pages_follow_each_other(trail: None, as_role: AsRole) -> None:
    """The cursor leads to the link after the last one seen; one that was made up is refused."""
    client = as_role("administrator")
    first = client.get(URL, params={"limit": 1}).json()
    second = client.get(URL, params={"limit": 1, "cursor": first["next"]}).json()
    assert [page["items"][0]["seq"] for page in (first, second)] == [2, 1]
    assert second["next"] is None
    assert client.get(URL, params={"cursor": "WyJhIl0"}).json()["code"] == "bad_cursor"


def test_the_trail_is_checked_and_its_head_shown(trail: None, as_role: AsRole) -> None:
    """A sound trail says so and gives the link to note."""
    client = as_role("administrator")
    verdict = client.get(f"{URL}/verify").json()
    assert (verdict["sound"], verdict["entries"], verdict["troubles"]) == (True, 2, [])
    assert verdict["head"] == client.get(f"{URL}/head").json()
    assert verdict["head"]["noted"].startswith("test:2:")


def test_an_empty_trail_has_no_head(as_role: AsRole) -> None:
    """Where nothing happened yet there is nothing to note."""
    assert as_role("administrator").get(f"{URL}/head").status_code == 404
