"""A real browser in front of a served desk.

pytest-playwright's own fixtures live for the whole session and leave an event loop running in its
thread, in which no coroutine test can run any more; these end with their module.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.served import Served, served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="install the extra `browser` to drive a browser")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def desk() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture
def scripted() -> bool:
    """Whether JavaScript runs in the page; what inspects a page from inside parametrizes this."""
    return False


@pytest.fixture
def page(browser: Any, desk: Served, scripted: bool) -> Iterator[Any]:
    """A page that keeps what it asked for in `page.asked`."""
    context = browser.new_context(
        base_url=desk.origin, java_script_enabled=scripted, locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
