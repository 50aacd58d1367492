"""A GP sees the own lines over all runs, and statements that tell of nobody else."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from api.db.engine import Database
from tests.api.payouts.in_force import EVENING, ON_SQLITE, PAY, SATURDAY, SMALL, publish
from tests.api.payouts.test_runs import closed
from tests.payout.paying import IBAN_A, IBAN_PR, PAYEES, hds, payee

Speaker = Callable[..., TestClient]


def own_statements(gp: TestClient) -> list[tuple[int, str]]:
    """Run and name of the statements that a GP is shown."""
    return [(one["run"], one["name"]) for one in gp.get(f"{PAY}/mine/statements").json()["items"]]


def test_a_gp_sees_the_own_lines_over_all_runs_and_nobody_elses(database: Database, as_role: Speaker) -> None:
    """The latest first, in pages, with what was taken back and why."""
    given = publish(database)
    finance = as_role("finance")
    closed(finance)
    given.hand_over(SATURDAY.id, "C")
    closed(finance)
    closed(finance, month="2024-02")
    own = as_role("gp", gp_id="A").get(f"{PAY}/mine", params={"limit": 2}).json()
    rest = as_role("gp", gp_id="A").get(f"{PAY}/mine", params={"cursor": own["next"]}).json()
    found = [*own["items"], *rest["items"]]
    assert {line["gp_id"] for line in found} == {"A"}
    assert [(line["run"], line["amount_cents"]) for line in found] == [(3, 99_200), (2, -99_200), (1, 99_200)]
    assert found[1]["reason_text"] == "door een andere huisarts gewerkt"
    assert rest["next"] is None


@ON_SQLITE
def test_an_own_statement_is_shown_as_page_and_pdf(database: Database, as_role: Speaker) -> None:
    """It is the file that finance sees; a colleague's is not found."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    gp = as_role("gp", gp_id="A")
    ((run, name),) = own_statements(gp)
    page = gp.get(f"{PAY}/mine/statements/{run}/{name}")
    assert page.content == finance.get(f"{PAY}/runs/{run}/files/statements/{name}.html").content
    pdf = gp.get(f"{PAY}/mine/statements/{run}/{name}", params={"format": "pdf"})
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert as_role("gp", gp_id="C").get(f"{PAY}/mine/statements/{run}/{name}").status_code == 404


@ON_SQLITE
def test_a_practices_statement_is_shown_while_it_tells_of_one_gp_alone(database: Database, as_role: Speaker) -> None:
    """B is the only one paid through the practice in January; from the run that also pays A there it is hidden."""
    shared = (*PAYEES, payee("A", "Praktijk PR", IBAN_PR, "2024-02-01", via_practice=True))
    publish(database, dossier=hds(payees=shared))
    finance = as_role("finance")
    closed(finance)
    salaried, owner = as_role("gp", gp_id="B"), as_role("gp", gp_id="A")
    assert [run for run, _ in own_statements(salaried)] == [1]
    closed(finance, month="2024-02")
    assert [run for run, _ in own_statements(salaried)] == [1]
    assert [run for run, _ in own_statements(owner)] == [1]
    assert [line["run"] for line in owner.get(f"{PAY}/mine").json()["items"]] == [2, 1]
    hidden = finance.get(f"{PAY}/runs/2/statements").json()["items"][0]["name"]
    assert owner.get(f"{PAY}/mine/statements/2/{hidden}").status_code == 404


def test_a_colleagues_debt_never_stands_on_a_statement_that_a_gp_sees(database: Database, as_role: Speaker) -> None:
    """Where B was paid too much through the practice, A's later statement there carries it, so A sees none."""
    shared = (*PAYEES, payee("A", "Praktijk PR", IBAN_PR, "2024-02-01", via_practice=True))
    given = publish(database, dossier=hds(payees=shared))
    finance = as_role("finance")
    closed(finance)
    given.hand_over(EVENING.id, None)
    closed(finance)
    assert [run for run, _ in own_statements(as_role("gp", gp_id="B"))] == [2, 1]
    closed(finance, month="2024-02")
    carried = [one for one in finance.get(f"{PAY}/runs/3/statements").json()["items"] if one["carried_in_cents"]]
    assert [one["iban"] for one in carried] == [IBAN_PR]
    assert [run for run, _ in own_statements(as_role("gp", gp_id="A"))] == [1]


def test_the_own_pay_is_for_gps_alone(database: Database, as_role: Speaker) -> None:
    """Finance has the runs; a GP who was never paid sees an empty list; another HDS is another world."""
    publish(database, SMALL)
    closed(as_role("finance"))
    assert as_role("finance").get(f"{PAY}/mine").status_code == 403
    assert as_role("planner").get(f"{PAY}/mine").status_code == 403
    assert as_role("gp", gp_id="T").get(f"{PAY}/mine").json() == {"items": [], "next": None}
    assert as_role("gp", gp_id="A", hds_id="other").get(f"{PAY}/mine").status_code == 404
    assert IBAN_A not in as_role("gp", gp_id="C").get(f"{PAY}/mine").text
