"""The desk of the provider tests' practice, and a browser without a screen for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import httpx

from mock_gpconnect.book.protocol import Slot
from mock_gpconnect.desk.app import desk_app
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.staff import Staff, StaffUser
from tests.mock_gpconnect.provider.messages import HUB, ODS
from tests.mock_gpconnect.provider.riverside import Riverside, counted_ids

BASE = f"/desk/{ODS}"
HOST = "http://127.0.0.1:8181"
NAMES = {ODS: "Riverside Surgery", HUB: "Hillside Hub", "T90001": "Millbrook Surgery"}
USERS = (
    StaffUser("reception", "Okafor", ("Ruth",), "Ms", "R1730", "555044001122", "555044001199"),
    StaffUser("newcomer", "Hale", ("Tom",)),
    StaffUser("frontdesk", "Reception", (), "", "R1730"),
)
WHERE = {"not_bookable": "Diary > Rota > Share", "user_role": "Set up > Staff > Role"}


class Reception:
    """A desk and what it stands in front of. Forms are sent as a browser sends them; redirects are not followed."""

    def __init__(self, riverside: Riverside | None = None, base: str = BASE, **more: Any) -> None:
        self.riverside = riverside or Riverside()
        self.book, self.practice, self.staff = self.riverside.book, self.riverside.practice, Staff(USERS)
        self.app = desk_app(
            self.practice, self.staff, now=self.riverside.clock, new_id=counted_ids(10**9), directory_names=NAMES,
            base_url=HOST + base, **{"where": WHERE} | more,
        )  # fmt: skip
        self.desk = Desk(
            self.practice, self.staff, self.riverside.clock, counted_ids(), NAMES, HOST + base, **{"where": WHERE} | more
        )  # fmt: skip
        transport = httpx.ASGITransport(self.app, root_path=base)
        self.http = httpx.AsyncClient(transport=transport, base_url=HOST + base)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params or None)

    async def post(self, path: str, fields: Mapping[str, Any] | None = None, **more: Any) -> httpx.Response:
        headers = {"Origin": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        return await self.http.post(path, data=fields or {}, headers=headers, **more)

    async def api(self, method: str, path: str, body: Any = None, **params: Any) -> httpx.Response:
        return await self.http.request(method, f"/api{path}", json=body, params=params or None)

    async def slot(self, session: str = "Morning surgery", at: int = 0) -> Slot:
        """A free slot of tomorrow's session or later."""
        later = [each for each in await self.book.slots_of(session) if each.starts > self.riverside.clock.at]
        return later[at]

    async def found(self, **more: Any) -> set[str]:
        """The ids of the slots that a search over GP Connect finds in the next week."""
        heard = await self.riverside.search(**more)
        return {each["id"] for each in heard.of_type("Slot")}

    async def sessions_found(self, **more: Any) -> set[str]:
        heard = await self.riverside.search(**more)
        return {each["serviceCategory"]["text"] for each in heard.of_type("Schedule")}


def text_of(answer: httpx.Response) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"(?s)<head>.*?</head>", "", answer.text)
    return " ".join(unescape(re.sub(r"(?s)<[^>]*>", " ", body)).split())


def filled_form(answer: httpx.Response, action: str) -> dict[str, Any]:
    """The fields of the form with that action, as a browser would send them unchanged."""
    form = re.search(rf'(?s)<form[^>]*action="{re.escape(escape(action))}"[^>]*>(.*?)</form>', answer.text)
    assert form, f"no form for {action}"
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        _take(fields, tag)
    for name, options in re.findall(r'(?s)<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[1]):
        values = re.findall(r'<option[^>]*value="([^"]*)"([^>]*)>', options)
        fields[name] = unescape(next((value for value, rest in values if "selected" in rest), values[0][0]))
    for name, value in re.findall(r'(?s)<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[1]):
        fields[name] = unescape(value)
    return fields


def _take(fields: dict[str, Any], tag: str) -> None:
    attribute = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
    if "name" not in attribute:
        return
    if attribute.get("type") in ("checkbox", "radio"):
        if re.search(r"\schecked", tag):
            fields.setdefault(attribute["name"], []).append(unescape(attribute["value"]))
    else:
        fields[attribute["name"]] = unescape(attribute.get("value", ""))
