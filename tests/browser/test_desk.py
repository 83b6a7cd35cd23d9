"""A practice's staff at their desk, in a real browser without JavaScript; the practice is asked over GP Connect."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.served import Served
from tests.mock_gpconnect.desk.reception import BASE
from tests.mock_gpconnect.provider.messages import ALICE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(40)]

DAY = "2026-03-25"
PAGES = {
    "book": f"/book?day={DAY}",
    "empty day": "/book?day=2027-01-01",
    "set-up": "/set-up",
    "session": "/set-up/session?name=Telephone+clinic",
    "one day": "/set-up/session?name=Telephone+clinic&day=2026-03-27",
    "users": "/users",
    "user": "/users/user/newcomer",
    "new user": "/users/new",
    "why": f"/why?ods=T90001&type=gp-practice&day={DAY}",
    "nothing": "/nope",
}


def slot_at(desk: Served, number: int) -> Any:
    """A slot of the morning after the practice's own today."""
    return desk.run(desk.reception.slot(at=17 + number))


def says(page: Any, text: str) -> bool:
    return text in " ".join(page.locator("main").inner_text().split())


def test_a_receptionist_books_a_slot(page: Any, desk: Served) -> None:
    slot = slot_at(desk, 0)
    page.goto(f"{BASE}/book?day={DAY}")
    page.get_by_role("link", name="Book the slot at 09:00").first.click()
    page.get_by_label("Patient").fill(ALICE)
    page.get_by_label("Reason").fill("Ear pain")
    page.get_by_label("Comment (optional)").fill("Left side")
    page.get_by_role("button", name="Book appointment").click()
    assert page.url.endswith(f"/book?day={DAY}&done=booked")
    assert says(page, "The appointment is booked")
    assert says(page, "Begum, Nadia (Mrs)")
    assert slot.id not in desk.run(desk.reception.found())


def test_a_receptionist_blocks_a_slot_and_gives_it_back(page: Any, desk: Served) -> None:
    slot = slot_at(desk, 1)
    page.goto(f"{BASE}/book?day={DAY}&holder=pr-llewellyn")
    page.get_by_role("button", name="Block the slot at 09:10").click()
    assert says(page, "The slot is blocked")
    assert slot.id not in desk.run(desk.reception.found())
    page.get_by_role("button", name="Give back the slot at 09:10").click()
    assert says(page, "The slot is free again")
    assert page.get_by_label("Session holder").input_value() == "pr-llewellyn"
    assert slot.id in desk.run(desk.reception.found())


def test_a_receptionist_who_comes_second_sees_who_was_first(page: Any, desk: Served) -> None:
    slot = slot_at(desk, 2)
    page.goto(f"{BASE}/book?day={DAY}")
    desk.run(desk.reception.riverside.book_one(slot))
    page.get_by_role("button", name="Block the slot at 09:20").first.click()
    assert says(page, "This slot has just been taken by somebody else.")
    assert says(page, "Hillside Hub (T90052)")
    assert page.title().startswith("Error: ")


def test_a_practice_cancels_what_another_organisation_booked(page: Any, desk: Served) -> None:
    slot = slot_at(desk, 3)
    desk.run(desk.reception.riverside.book_one(slot))
    page.goto(f"{BASE}/book?day={DAY}")
    page.get_by_role("link", name="Open the appointment at 09:30").first.click()
    page.get_by_label("Reason for cancelling").fill("The doctor is ill")
    page.get_by_role("button", name="Cancel appointment").click()
    assert says(page, "The appointment is cancelled and its slot is free again")
    assert slot.id in desk.run(desk.reception.found())


def test_a_manager_finds_out_why_and_puts_it_right(page: Any, desk: Served) -> None:
    assert "Own patients" not in desk.run(desk.reception.sessions_found())
    page.goto(f"{BASE}/why")
    page.get_by_label("Who is looking?").select_option(label="Millbrook Surgery (T90001)")
    page.get_by_label("As which type?").select_option(label="GP practice")
    page.get_by_label("For which day?").fill(DAY)
    page.get_by_role("button", name="Look").click()
    assert says(page, "Millbrook Surgery can see 18 of 42 slots")
    page.get_by_role("link", name="change the set-up of Own patients").click()
    page.get_by_label("Other organisations may book these slots").check()
    page.get_by_role("button", name="Save").click()
    assert says(page, "The changes are saved")
    assert "Own patients" in desk.run(desk.reception.sessions_found())
    page.goto(f"{BASE}/why?ods=T90001&type=gp-practice&day={DAY}")
    assert says(page, "Millbrook Surgery can see 24 of 42 slots")


def test_a_manager_restricts_a_session(page: Any, desk: Served) -> None:
    page.goto(f"{BASE}/set-up")
    page.get_by_role("link", name="Morning surgery").click()
    page.get_by_label("Only those below").first.check()
    page.get_by_label("Hillside Hub (T90052)").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Slot set-up", exact=True).click()
    assert page.get_by_role("row", name=re.compile("Morning surgery")).inner_text().endswith("Hillside Hub (T90052)")
    assert "Morning surgery" not in desk.run(desk.reception.sessions_found())


def test_a_manager_sets_the_embargo(page: Any, desk: Served) -> None:
    page.goto(f"{BASE}/set-up")
    page.get_by_label("Embargo").fill("soon")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Embargo: expected a whole number of minutes").click()
    page.get_by_label("Embargo").fill("14400")
    page.get_by_role("button", name="Save").click()
    assert says(page, "The changes are saved")
    assert desk.run(desk.reception.found(end="2026-03-31")) == set()


def test_a_manager_gives_a_newcomer_a_role(page: Any, desk: Served) -> None:
    page.goto(f"{BASE}/users")
    page.get_by_role("link", name="Tom Hale").click()
    page.get_by_label("Job role").select_option(label="Receptionist (R1730)")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("row", name=re.compile("Tom Hale")).get_by_text("Yes").is_visible()
    newcomer = desk.reception.staff.get("newcomer")
    assert newcomer is not None
    assert newcomer.role == "R1730"


def test_a_manager_keeps_one_fridays_slots_back(page: Any, desk: Served) -> None:
    friday = {"start": "2026-03-27", "end": "2026-03-27"}
    before = desk.run(desk.reception.found(**friday))
    page.goto(f"{BASE}/book?day=2026-03-27")
    page.get_by_role("link", name="This day only for Morning surgery").click()
    assert says(page, "Morning surgery, Friday 27 March 2026")
    page.get_by_label("Embargo until").fill("2026-03-26T18:00")
    page.get_by_role("button", name="Save").click()
    assert says(page, "The changes are saved")
    assert len(desk.run(desk.reception.found(**friday))) == len(before) - 18
    assert "Morning surgery" in desk.run(desk.reception.sessions_found())


def test_a_receptionist_keeps_one_slot_for_the_practices_own_patients(page: Any, desk: Served) -> None:
    slot = slot_at(desk, 4)
    page.goto(f"{BASE}/slots/{slot.id}")
    page.get_by_role("link", name="Set up this slot only").click()
    page.get_by_label("Other organisations may book these slots").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Back to the slot").click()
    assert says(page, "Hidden. Not ticked as bookable")
    assert slot.id not in desk.run(desk.reception.found())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_a_page_asks_nobody_else_and_fits_its_screen(page: Any, desk: Served, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(BASE + PAGES[name])
    assert [url for url in page.asked if not url.startswith(f"{desk.url}/")] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scripted", [True], ids=["scripted"])
@pytest.mark.parametrize("name", [*PAGES, "free slot", "booked slot", "one slot", "problem"])
def test_a_page_has_no_accessibility_violations(page: Any, desk: Served, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    desk.run(desk.reception.riverside.book_one(slot_at(desk, 0)))
    slots = {"free slot": slot_at(desk, 1), "booked slot": slot_at(desk, 0)}
    one_slot = f"/set-up/slot/{slots['free slot'].id}"
    if name == "problem":
        page.goto(f"{BASE}/slots/{slots['free slot'].id}")
        page.get_by_role("button", name="Book appointment").click()
    else:
        page.goto(BASE + ((PAGES | {"one slot": one_slot}).get(name) or f"/slots/{slots[name].id}"))
    assert axe.run(page).generate_report().startswith("Found 0 accessibility violations")
