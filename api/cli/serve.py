"""`anw serve`: the whole service in one process, for one machine and for trying it out."""

from __future__ import annotations

import gc
import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from scheduler.cli.console import say, show_trouble
from scheduler.cli.options import option
from scheduler.messages import text

if TYPE_CHECKING:
    from api.demo import Demo
    from api.settings import Settings

LOCALHOST = "127.0.0.1"


def serve(
    demo: Annotated[bool, option("--demo", "demo")] = False,
    host: Annotated[str, option("--host", "host", "ADRES")] = LOCALHOST,
    port: Annotated[int, option("--port", "port", "POORT", 0, 65535)] = 8000,
    data: Annotated[Path | None, option("--data", "data", "MAP")] = None,
    as_json: Annotated[bool, option("--json", "json")] = False,
) -> None:
    """Serve until it is stopped; with `ANW_DATABASE_URL` that database, else an SQLite file in `--data`."""
    # what is loaded now stays: looking through it for garbage takes half a second here, and time of requests later
    gc.disable()
    import uvicorn

    from api.app import create_app, take_server_lock
    from api.cli.environment import DATA_FOLDER, embedded_settings, read_environment
    from api.ops.logs import set_up_logs

    listening = _listen(host, port)
    base_url = f"http://{host}:{listening.getsockname()[1]}"
    settings = (
        read_environment() if "ANW_DATABASE_URL" in os.environ else embedded_settings(data or DATA_FOLDER, base_url)
    )
    lock = take_server_lock(settings)
    if demo:
        # who tries it out wants one command, on whichever database
        settings = settings.model_copy(update={"embedded": True})
    prepared = _prepare(settings, demo=demo)
    set_up_logs(settings)
    app = create_app(settings)
    app.state.server_lock = lock
    app.state.on_ready.append(lambda: _announce(base_url, prepared, as_json=as_json))
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        uvicorn.Server(config).run(sockets=[listening])


def _prepare(settings: Settings, *, demo: bool) -> Demo | None:
    """Bring a database of our own up to date and load the demo; one that others use must be migrated on purpose."""
    from api.cli.environment import reach_database, require_current
    from api.db.migrate import upgrade

    if not (settings.embedded or demo):
        require_current(settings)
        return None
    database = reach_database(settings.database_url)
    upgrade(database)
    prepared = None
    if demo:
        from api.demo import prepare_demo

        prepared = prepare_demo(database)
    database.close()
    return prepared


def _listen(host: str, port: int) -> socket.socket:
    """The port, taken before anything else is done, so that two services never share a database by mistake."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        show_trouble(text("service.port_taken", host=host, port=port, trouble=error.strerror))
        raise SystemExit(2) from None


def _announce(base_url: str, demo: Demo | None, *, as_json: bool) -> None:
    """Tell where the service is, and in a demo who may log in: one line of JSON, or Dutch for a reader."""
    if as_json:
        known = {"base_url": base_url}
        if demo is not None:
            known |= {"hds_id": demo.hds_id, "dossier_id": demo.dossier_id, "gp_id": demo.gp_id, "tokens": demo.tokens}  # type: ignore[dict-item]
        print(json.dumps(known), flush=True)  # noqa: T201 - a line for programs, not for a terminal
        return
    say("service.serving", url=base_url, docs=f"{base_url}/api/v1/docs")
    if demo is not None:
        for role, password in demo.passwords.items():
            say("service.login" if password else "service.login_own", user=role, password=password or "")
