"""The HTML report in a browser: from disk, without network, with and without JavaScript, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.reports.html import html_report
from harness.scenario.find import find_scenarios
from harness.scenario.run import Choices, cases_of, run_case
from harness.verdicts import Result

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(60)]

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
STICKS_OUT = """[...document.querySelectorAll('body *')]
    .filter((one) => !one.closest('.scroll, .skip, .off') && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80))"""


def result_of(scenario: str) -> Result:
    """Made in a thread: the browser's driver has an event loop running in ours."""
    (loaded,) = find_scenarios((scenario,))
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run_case, next(cases_of(loaded, Choices()))).result()


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """A lost reply, a race, and a scenario that did not hold: with a script in its title."""
    lost, race = result_of("booking/lost-reply"), result_of("booking/two-patients-one-slot")
    line = replace(lost.lines[2], verdict="fail", detail="expected B5, got booked")
    title = "<script>document.title = 'taken over'</script><b onclick=alert(1)>bold</b>"
    broken = replace(lost, id="mine/broken", title=title, verdict="fail", lines=(*lost.lines[:2], line))
    return [lost, race, broken]


@pytest.fixture(scope="module")
def short(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("short") / "report.html"
    path.write_bytes(html_report(results))
    return path


@pytest.fixture(scope="module")
def long(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many results that their messages are kept at the end."""
    path = tmp_path_factory.mktemp("long") / "report.html"
    path.write_bytes(html_report([replace(one, id=f"{one.id}-{copy}") for copy in range(12) for one in results]))
    return path


class Reader:
    """Opens pages and keeps what they asked for and complained of."""

    def __init__(self, browser: Any) -> None:
        self.browser, self.contexts, self.asked, self.complaints = browser, [], [], []

    def open(self, path: Path, *, anchor: str = "", **options: Any) -> Any:
        context = self.browser.new_context(**{"viewport": DESKTOP, **options})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path.as_uri() + anchor)
        return page


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    opened = Reader(browser)
    yield opened
    for context in opened.contexts:
        context.close()


def test_it_opens_from_disk_and_asks_for_nothing_else(reader: Reader, short: Path) -> None:
    page = reader.open(short)
    page.evaluate(OPEN_ALL)
    assert reader.asked == [short.as_uri()]
    assert reader.complaints == []
    assert page.title() == "1 of 3 scenarios did not pass – Crossbook report"


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_axe_finds_no_violation_with_everything_open(reader: Reader, short: Path, viewport: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="install the extra `browser`")
    page = reader.open(short, viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page.evaluate(OPEN_ALL)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_on_a_phone_only_a_diagram_scrolls_sideways(reader: Reader, short: Path) -> None:
    page = reader.open(short, viewport=PHONE)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(STICKS_OUT) == []


def test_without_javascript_everything_can_be_read(reader: Reader, short: Path) -> None:
    page = reader.open(short, java_script_enabled=False)
    page.click("#s1 > details > summary")
    page.click("#s1 .steps > li:nth-child(3) > details > summary")
    page.click("#s1x27 > summary")
    assert "HTTP 201" in page.inner_text("#s1x27")
    assert page.is_visible("#s1 svg")
    assert not page.is_visible("#filter")


def test_without_javascript_a_link_leads_to_a_kept_message(reader: Reader, long: Path) -> None:
    page = reader.open(long, java_script_enabled=False)
    page.click("#s1 > details > summary")
    page.click("#s1 .steps > li:nth-child(3) > details > summary")
    page.click("#s1x27 > summary")
    page.click("#s1x27 >> text=Reply")
    assert page.locator(":target + pre").inner_text().startswith("HTTP 201")


def test_a_kept_message_comes_to_the_exchange_that_is_opened(reader: Reader, long: Path) -> None:
    page = reader.open(long)
    page.click("#s1 > details > summary")
    page.click("#s1 .steps > li:nth-child(3) > details > summary")
    page.click("#s1x27 > summary")
    page.wait_for_selector("#s1x27 figure")
    assert '"status": "booked"' in page.inner_text("#s1x27 figure:last-of-type")
    assert page.locator("#s1x27 a").count() == 0


def test_the_filter_shows_what_fits(reader: Reader, short: Path) -> None:
    page = reader.open(short)
    page.fill("input[name=text]", "same MOMENT")
    shown = page.locator(".scenarios tbody tr:visible")
    assert (shown.count(), page.locator(".story:visible").count()) == (1, 1)
    assert page.inner_text("output") == "1 of 3 shown"
    page.fill("input[name=text]", "")
    page.select_option("select", "fail")
    assert "mine/broken" in shown.inner_text()


def test_a_link_opens_what_it_leads_to(reader: Reader, short: Path) -> None:
    page = reader.open(short, anchor="#s2x50")
    page.wait_for_function("document.activeElement.parentElement.id === 's2x50'")
    assert page.locator("#s2x50 pre").first.is_visible()


def test_a_click_on_an_arrow_opens_its_exchange(reader: Reader, short: Path) -> None:
    page = reader.open(short, anchor="#s1")
    page.click("svg text >> text=27 create_appointment")
    page.wait_for_url("**#s1x27")
    assert page.is_visible("#s1x27 pre")


def test_the_keyboard_reaches_the_details_and_the_diagram(reader: Reader, short: Path) -> None:
    page = reader.open(short)
    page.focus("#s1 > details > summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#s1 svg")
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
    assert {"SUMMARY", "scroll"} <= seen


def test_a_script_in_a_title_does_not_run(reader: Reader, short: Path) -> None:
    page = reader.open(short)
    assert "taken over" not in page.title()
    assert page.locator("#s3 h3").inner_text().startswith("<script>document.title")
    assert page.locator("#s3 h3 *").count() == 0


def test_in_print_only_black_is_used_and_no_control_is_left(reader: Reader, short: Path) -> None:
    page = reader.open(short, color_scheme="dark")
    page.emulate_media(media="print")
    colours = page.evaluate(
        "[...new Set([...document.querySelectorAll('.v')].map((one) => getComputedStyle(one).color))]"
    )
    assert colours == ["rgb(0, 0, 0)"]
    assert not page.is_visible("#filter")
