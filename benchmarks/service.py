"""The service under load, on SQLite and on PostgreSQL; `python -m benchmarks.service` puts a table in the README.

It is started as a user starts it (`anw serve --demo`), the roster in force is the demo's, made by `peer_greedy`, and
every caller is a process apart from the server. Leaves with 1 when a norm is missed.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2

from benchmarks.crowd import read_at_once
from benchmarks.figures import Figure, Running, on_both, tell_figures
from benchmarks.peer import Options
from benchmarks.peer_greedy import make
from benchmarks.service_process import Service
from scheduler.domain.dossier import Dossier
from scheduler.dossier import write_dossier
from scheduler.generate import DEMO, generate

READERS = 200
READING_SECONDS = 20
WRITERS, WISHES = 50, 10


def main() -> int:
    """Measure both databases, put the table in the README; 1 when a norm is missed."""
    return tell_figures("service", on_both(_figures))


def _figures(running: Running) -> list[Figure]:
    with running() as service:
        return _measure(service)


def _measure(service: Service) -> list[Figure]:
    dossier = generate(**DEMO)  # type: ignore[arg-type]
    with service.client("planner") as planner:
        found = [Figure("start-up with an existing database", service.started_in, 3, "s")]
        found.append(Figure("import of the demo dossier", _timed(lambda: _import(planner, service, dossier)), 5, "s"))
        version = publish(planner, service, dossier)
        found.append(Figure("a year's roster, 6,188 shifts", _whole_year(planner, service, version), 0.5, "s"))
        lost, troubles = _write_wishes(service, dossier)
        found += [
            Figure(f"wishes lost, {WRITERS} writers at once", lost, 0, ""),
            Figure("answers of 500 and up among them", troubles, 0, ""),
        ]
    tokens = service.gp_tokens([agreement.gp_id for agreement in dossier.agreements], READERS)
    crowd = read_at_once(f"{service.url}/api/v1/hds/{service.hds_id}/roster/mine", tokens, READING_SECONDS)
    found += [
        Figure(f"own roster, {READERS} GPs at once, p95 of {crowd.count} answers", crowd.p95 * 1000, 100, "ms"),
        Figure("failed answers among them", crowd.failed, 0, ""),
        Figure("memory of the API afterwards", service.memory() / 2**20, 300, "MiB"),
    ]
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _import(planner: httpx2.Client, service: Service, dossier: Dossier) -> None:
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        write_dossier(dossier, Path(folder))
        for file in Path(folder).iterdir():
            archive.write(file, file.name)
    answer = planner.post(f"{service.hds}/dossiers", files={"file": ("demo.zip", packed.getvalue(), "application/zip")})
    answer.raise_for_status()


def publish(planner: httpx2.Client, service: Service, dossier: Dossier) -> int:
    """Put the roster that `peer_greedy` makes of the demo in force; the id of the version."""
    roster = make(dossier, Options(time_limit=60, workers=1, seed=1))
    lines = ["shift_id,gp_id", *(f"{shift_id},{gp_id}" for shift_id, gp_id in roster.gp_of.items())]
    content = "\n".join(lines).encode()
    where = f"{service.hds}/dossiers/{service.dossier_id}/versions"
    draft = planner.post(where, files={"file": ("roster.csv", content, "text/csv")}).raise_for_status().json()
    order = {"freeze_from": str(dossier.period.start), "reason": "benchmark", "accept_violations": True}
    seen = {"If-Match": f'"{draft["revision"]}"'}
    planner.post(f"{service.hds}/versions/{draft['id']}/publish", json=order, headers=seen).raise_for_status()
    return int(draft["id"])


def _whole_year(planner: httpx2.Client, service: Service, version: int) -> float:
    """The median of five times the whole year in one answer."""

    def ask() -> None:
        answer = planner.get(f"{service.hds}/versions/{version}/shifts", params={"all": True}).raise_for_status()
        assert len(answer.json()["items"]) == 6188

    return sorted(_timed(ask) for _ in range(5))[2]


def _write_wishes(service: Service, dossier: Dossier) -> tuple[int, int]:
    """How many wishes of GPs who write at once are not there afterwards, and how many answers were 500 or more."""
    gp_ids = [agreement.gp_id for agreement in dossier.agreements][:WRITERS]
    tokens = service.gp_tokens(gp_ids, WRITERS)
    where = f"{service.hds}/dossiers/{service.dossier_id}/wishes"

    def write(number: int) -> list[int]:
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        with httpx2.Client(base_url=service.url, headers=headers, timeout=60) as client:
            return [client.post(where, json=_wish(gp_ids[number], day)).status_code for day in range(1, WISHES + 1)]

    with service.client("planner") as planner:
        before = _count(planner, where)
        with ThreadPoolExecutor(WRITERS) as pool:
            statuses = [status for found in pool.map(write, range(WRITERS)) for status in found]
        written = _count(planner, where) - before
    return statuses.count(201) - written, sum(status >= 500 for status in statuses)


def _wish(gp_id: str, day: int) -> dict[str, object]:
    return {
        "gp_id": gp_id, "start": f"2027-09-{day:02}T08:00:00+02:00", "end": f"2027-09-{day:02}T23:00:00+02:00",
        "wish": "avoid", "weight": 3,
    }  # fmt: skip


def _count(planner: httpx2.Client, where: str) -> int:
    found, cursor = 0, None
    while True:
        query = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
        page = planner.get(where, params=query).raise_for_status().json()
        found += len(page["items"])
        cursor = page["next"]
        if cursor is None:
            return found


if __name__ == "__main__":
    sys.exit(main())
