"""Calls to systems of an HDS: signed, retried, never to where they must not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery, Webhook
from api.messages import calling, delivering
from api.messages.caller import PATIENCE
from api.messages.calling import fault_of
from api.messages.delivering import PAUSES, Undelivered
from api.messages.public_address import is_public
from api.messages.signing import secret_of, signature
from api.messages.upkeep import call_webhooks, spread_events
from api.messages.webhooks import FORMER_SIGNS
from api.settings import Settings
from tests.api.messages.post import Called, at, deliveries, happened, work

HOOKS = "/api/v1/hds/test/webhooks"
ABOUT = {"shift_id": "avond/2027-01-04/1", "from_gp_id": "a", "to_gp_id": None}
AsRole = Callable[..., TestClient]


def _hook(admin: TestClient, url: str, *kinds: str) -> dict[str, Any]:
    answer = admin.post(HOOKS, json={"url": url, "kinds": list(kinds)})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _signed_by(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As a receiver checks it, from the documentation alone."""
    parts = [part.split("=", 1) for part in headers["X-Anw-Signature"].split(",")]
    at = next(value for name, value in parts if name == "t")
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return abs(int(at) - now().timestamp()) < 300 and any(value == made for name, value in parts if name == "v1")


def test_a_system_is_told_with_ids_alone_and_a_signature(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """Only the kinds that it asked for, in JSON, with the number of the delivery; what somebody wrote stays inside."""
    hook = _hook(as_role("administrator"), system.url, "duty_changed")
    happened(database, "duty_changed", {**ABOUT, "words": "omdat c ziek is"})
    happened(database, "swap_refused", {"deal_id": 1, "moves": []})
    work(database, settings)
    [(path, headers, body)] = system.asked
    assert (path, headers["Content-Type"]) == ("/in", "application/json")
    assert _signed_by(headers, body, hook["secret"])
    assert not _signed_by(headers, body + b" ", hook["secret"])
    told = json.loads(body)
    assert (told["id"], told["kind"], told["hds"], told["about"]) == (1, "duty_changed", "test", ABOUT)
    [row] = deliveries(database, "webhook")
    assert (row.state, headers["X-Anw-Delivery"]) == ("sent", str(row.id))


def test_a_test_sends_a_ping(as_role: AsRole, database: Database, settings: Settings, system: Called) -> None:
    """Whatever kinds were asked for; the delivery shows how it went."""
    admin = as_role("administrator")
    hook = _hook(admin, system.url, "duty_changed")
    asked = admin.post(f"{HOOKS}/{hook['id']}/test")
    assert asked.status_code == 202
    call_webhooks(database, settings)
    assert json.loads(system.asked[0][2])["kind"] == "ping"
    [shown] = admin.get("/api/v1/hds/test/messages/deliveries").json()["items"]
    assert (shown["id"], shown["state"], shown["kind"]) == (asked.json()["delivery_id"], "sent", "ping")


def test_a_call_that_fails_is_visible_and_tried_again(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """After a pause, or when somebody asks for it."""
    admin = as_role("administrator")
    _hook(admin, system.url)
    happened(database, "duty_changed", ABOUT)
    system.status = 500
    work(database, settings)
    url = "/api/v1/hds/test/messages/deliveries"
    [shown] = admin.get(url, params={"state": "waiting"}).json()["items"]
    assert (shown["attempts"], shown["last_error"]) == (1, "http 500")
    assert admin.get(HOOKS).json()[0]["failing_since"] is not None
    assert call_webhooks(database, settings) == 0
    system.status = 200
    assert as_role("planner").post(f"{url}/{shown['id']}/retry").status_code == 202
    assert call_webhooks(database, settings) == 1
    assert admin.get(HOOKS).json()[0]["failing_since"] is None
    assert admin.post(f"{url}/{shown['id']}/retry").json()["code"] == "wrong_state"


def test_what_failed_for_good_starts_anew_when_asked(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """With all its attempts."""
    admin = as_role("administrator")
    _hook(admin, system.url)
    happened(database, "duty_changed", ABOUT)
    system.status, moment = 503, now()
    spread_events(database, settings, moment)
    for pause in (*PAUSES, timedelta(0)):
        call_webhooks(database, settings, at(moment))
        moment += pause
    [row] = deliveries(database, "webhook")
    assert row.state == "failed"
    shown = admin.post(f"/api/v1/hds/test/messages/deliveries/{row.id}/retry").json()
    assert (shown["state"], shown["attempts"]) == ("waiting", 0)
    system.status = 204
    call_webhooks(database, settings)
    assert [one.state for one in deliveries(database, "webhook")] == ["sent"]


def test_a_system_that_fails_for_days_is_switched_off_and_the_planners_told(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """What waits for it is dropped; switched on again it is told anew."""
    admin, planner = as_role("administrator"), as_role("planner")
    hook = _hook(admin, system.url, "duty_changed")
    system.status = 500
    happened(database, "duty_changed", ABOUT)
    work(database, settings)
    later = now() + PATIENCE
    happened(database, "duty_changed", ABOUT)
    happened(database, "duty_changed", ABOUT)
    spread_events(database, settings, now())
    call_webhooks(database, settings, lambda: later)
    shown = admin.get(f"{HOOKS}/{hook['id']}").json()
    assert (shown["active"], shown["disabled_at"] is not None) == (False, True)
    call_webhooks(database, settings, lambda: later + PAUSES[-1])
    assert {one.state for one in deliveries(database, "webhook")} == {"dropped"}
    spread_events(database, settings, now())
    [notice] = planner.get("/api/v1/hds/test/messages/mine").json()["items"]
    assert notice["kind"] == "webhook_disabled"
    assert admin.post(f"{HOOKS}/{hook['id']}/test").json()["code"] == "wrong_state"
    on = admin.patch(f"{HOOKS}/{hook['id']}", json={"active": True}, headers={"If-Match": "*"}).json()
    assert (on["active"], on["failing_since"], on["disabled_at"]) == (True, None, None)
    system.status = 200
    dropped = deliveries(database, "webhook")[0].id
    assert admin.post(f"/api/v1/hds/test/messages/deliveries/{dropped}/retry").json()["state"] == "waiting"
    call_webhooks(database, settings)
    assert deliveries(database, "webhook")[0].state == "sent"


def test_one_system_that_fails_holds_up_no_other(
    as_role: AsRole, database: Database, settings: Settings, system: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left alone, while the others are called."""
    admin = as_role("administrator")
    _hook(admin, "http://127.0.0.1:1/nobody")
    _hook(admin, system.url)
    for _ in range(3):
        happened(database, "duty_changed", ABOUT)
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 60)
    spread_events(database, settings, now())
    assert call_webhooks(database, settings) == 4
    assert len(system.asked) == 3
    found = sorted((one.state, one.attempts) for one in deliveries(database, "webhook"))
    assert found == [("sent", 1)] * 3 + [("waiting", 0)] * 2 + [("waiting", 1)]


def test_a_system_that_hangs_for_longer_than_a_round_holds_up_no_other(
    as_role: AsRole, database: Database, settings: Settings, system: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much waits for it: after it failed nothing of that is tried for a minute."""
    admin = as_role("administrator")
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        _hook(admin, f"http://127.0.0.1:{hanging.getsockname()[1]}/never", "duty_changed")
        _hook(admin, system.url, "swap_refused")
        for kind in ("duty_changed", "duty_changed", "swap_refused"):
            happened(database, kind, ABOUT)
        spread_events(database, settings, now())
        assert call_webhooks(database, settings) == 1
        assert call_webhooks(database, settings) == 1
    assert len(system.asked) == 1
    assert [one.attempts for one in deliveries(database, "webhook")] == [1, 0, 1]


def test_a_redirect_is_not_followed(as_role: AsRole, database: Database, settings: Settings, system: Called) -> None:
    """It would lead past every check of the address."""
    _hook(as_role("administrator"), system.url)
    system.status, system.location = 302, "/elsewhere"
    happened(database, "duty_changed", ABOUT)
    work(database, settings)
    assert [path for path, _, _ in system.asked] == ["/in"]
    assert [one.last_error for one in deliveries(database, "webhook")] == ["http 302"]


def test_many_workers_call_once_for_each_event(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """All at the same time."""
    _hook(as_role("administrator"), system.url)
    for _ in range(20):
        happened(database, "duty_changed", ABOUT)
    workers = [threading.Thread(target=work, args=(database, settings)) for _ in range(5)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    work(database, settings)
    assert sorted(json.loads(body)["id"] for _, _, body in system.asked) == list(range(1, 21))


def test_a_new_secret_signs_beside_the_former_for_a_day(
    as_role: AsRole, database: Database, settings: Settings, system: Called
) -> None:
    """Then alone; neither is ever shown again, nor stands in the database."""
    admin = as_role("administrator")
    first = _hook(admin, system.url)
    second = admin.post(f"{HOOKS}/{first['id']}/rotate").json()
    assert first["secret"] != second["secret"]
    happened(database, "duty_changed", ABOUT)
    work(database, settings)
    with database.writing() as session:
        session.scalars(select(Webhook)).one().former_until = now() - timedelta(seconds=1)
    happened(database, "duty_changed", ABOUT)
    work(database, settings)
    (_, both, body), (_, alone, later) = system.asked
    assert _signed_by(both, body, first["secret"]) and _signed_by(both, body, second["secret"])
    assert _signed_by(alone, later, second["secret"]) and not _signed_by(alone, later, first["secret"])
    assert "secret" not in admin.get(f"{HOOKS}/{first['id']}").json()
    assert timedelta(hours=1) < FORMER_SIGNS


def test_a_secret_hangs_on_that_of_the_installation() -> None:
    """Who reads the database alone can sign nothing."""
    one, other = (Settings(secret=SecretStr(sign * 40)) for sign in "xy")
    assert secret_of(one, "salt") != secret_of(other, "salt")
    assert secret_of(one, "salt") == secret_of(one, "salt") != secret_of(one, "pepper")
    assert signature(b"{}", 7, ["s"]).startswith("t=7,v1=")


@pytest.mark.parametrize(
    "url",
    [
        "http://systeem.example/", "ftp://systeem.example/", "https://", "https:///x", "https://u:p@systeem.example/",
        "https://systeem.example/#x", "https://systeem.example:99999/", "https://a b.example/", "javascript:alert(1)",
        "https://systeem.example\\@evil.example/", "https://exämple.nl/", "https://systeem.example/\r\nX: y", "//x",
        "https://[::1/", "http://localhost/",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_taken(url: str) -> None:
    """Nothing that two programs may read in two ways."""
    assert fault_of(url, development=False, inside=False) == "unsafe_url"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "::127.0.0.1", "64:ff9b:1::", "64:ff9b:1::808:808", "fec0::1", "::", "3fff::1", "2001:db8::1",
        "240.0.0.1", "255.255.255.255", "100.64.0.1", "192.0.0.8", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    """In whatever form they are written."""
    assert not is_public(address)


def test_addresses_outside_are_public() -> None:
    """Both kinds."""
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808", "::ffff:8.8.8.8"):
        assert is_public(address)
    assert fault_of("https://93.184.215.14/x?y=1", development=False, inside=False) is None
    assert fault_of("https://10.0.0.1/", development=False, inside=False) == "inside_url"
    assert fault_of("https://10.0.0.1/", development=False, inside=True) is None
    assert fault_of("http://localhost:8080/", development=True, inside=False) is None


def test_a_name_that_leads_inside_is_not_called(system: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged is the address that the connection goes to, and any of several inside is one too many."""
    inside = ("127.0.0.1", 443)
    outside = ("93.184.215.14", 443)
    opened: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: opened.append(args))
    for found in ([inside], [outside, inside]):
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in found]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, answers=answers, **__: answers)
        with pytest.raises(Undelivered, match="inside_url"):
            calling.post("https://systeem.example/", b"{}", {}, development=False, inside=False)
    assert opened == []


def test_a_system_that_never_ends_its_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is to all of it, not to each byte."""
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        taken, _ = listener.accept()
        with taken:
            while not over.wait(0.05):
                try:
                    taken.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        try:
            with pytest.raises(Undelivered, match="timeout"):
                calling.post(url, b"{}", {}, development=True, inside=False)
        finally:
            over.set()
            thread.join()


def test_a_webhook_is_refused_with_every_mistake(as_role: AsRole, app: FastAPI) -> None:
    """A wrong address and unknown kinds at once; twice the same address is a conflict."""
    admin = as_role("administrator")
    answer = admin.post(HOOKS, json={"url": "https://10.0.0.1/", "kinds": ["duty_changed", "weather", "lot"]})
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 3)
    assert admin.get(HOOKS).json() == []
    _hook(admin, "https://systeem.example/")
    assert admin.post(HOOKS, json={"url": "https://systeem.example/"}).status_code == 409


def test_a_webhook_is_changed_by_who_saw_it_and_removed(as_role: AsRole, database: Database) -> None:
    """With what waits for it."""
    admin = as_role("administrator")
    hook = _hook(admin, "https://systeem.example/")
    url = f"{HOOKS}/{hook['id']}"
    seen = admin.get(url).headers["ETag"]
    assert admin.patch(url, json={"kinds": ["duty_changed"]}, headers={"If-Match": seen}).status_code == 200
    assert admin.patch(url, json={"active": False}, headers={"If-Match": seen}).status_code == 412
    admin.post(f"{url}/test")
    assert admin.delete(url).status_code == 204
    assert admin.get(url).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
