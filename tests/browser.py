"""A real browser for tests of pages: whichever Chromium the machine has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.one_clock import seconds_ahead

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags that keep Chromium from calling home, which a closed network would answer with errors."""


PATIENCE = 180_000
"""Milliseconds that a test waits for what a page should show; only a page that fails takes as long."""


def chromium_path() -> str | None:
    """Where Chromium stands: `CHROMIUM` in the environment, else the first of the usual names on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; skips the test on a machine without one."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium, or set CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """A context of its own, whose pages have the clock of the tests; `options` as Playwright has them."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    context.add_init_script(_SHIFTED_CLOCK % round(1000 * seconds_ahead()))
    return context


_SHIFTED_CLOCK = """{
  const Machine = Date;
  const now = () => Machine.now() + %d;
  globalThis.Date = class Date extends Machine {
    constructor(...given) { if (given.length) super(...given); else super(now()); }
    static now() { return now(); }
  };
}"""


class Watched:
    """A page with everything it logged as a mistake and every address it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.mistakes: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.mistakes.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: self.mistakes.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen, or anything in a `section` wider than it."""
        return int(
            self.page.evaluate(
                """Math.max(document.documentElement.scrollWidth - window.innerWidth,
                    ...[...document.querySelectorAll("section")].map((one) => one.scrollWidth - one.clientWidth))"""
            )
        )
