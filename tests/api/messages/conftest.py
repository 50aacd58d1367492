"""Servers of our own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.settings import Settings
from tests.api.messages.post import Called, Inbox, mail_server, mailing, web_server


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A mail server."""
    with mail_server() as found:
        yield found


@pytest.fixture
def system() -> Iterator[Called]:
    """The web server of a system of the HDS."""
    with web_server() as found:
        yield found


@pytest.fixture
def posting(settings: Settings, inbox: Inbox) -> Settings:
    """Settings with that mail server."""
    return mailing(settings, inbox.port)
