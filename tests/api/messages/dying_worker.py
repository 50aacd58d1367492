"""A worker that dies (kill -9) between sending a mail and writing that down: `python -m ... DATABASE_URL PORT`."""

from __future__ import annotations

import os
import signal
import sys

from api.db.engine import Database
from api.messages.delivering import Claim, deliver
from api.messages.mail import Mailer
from api.settings import Settings
from tests.api.messages.post import mailing


class DyingMailer(Mailer):
    """Sends one mail and is gone."""

    def send(self, claim: Claim) -> None:
        """The last thing it does."""
        super().send(claim)
        os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, port: str) -> None:
    """Send what is due, until death."""
    settings = mailing(Settings(database_url=url, development=True), int(port))
    database = Database(url)
    with DyingMailer(database, settings) as mailer:
        deliver(database, mailer)


if __name__ == "__main__":
    main(*sys.argv[1:])
