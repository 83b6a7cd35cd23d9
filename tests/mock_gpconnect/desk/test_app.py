"""How the desk is mounted, what every answer carries, and what hostile people cannot do."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from harness.virtual_time import run_virtual
from mock_gpconnect.desk.staff import StaffUser
from mock_gpconnect.desk.static_files import static_files
from tests.mock_gpconnect.desk.reception import BASE, Reception, text_of
from tests.mock_gpconnect.provider.messages import booker
from tests.mock_gpconnect.provider.riverside import SESSIONS, Riverside

PAGES = (
    "/book", "/book?day=2026-03-25", "/set-up", "/set-up/session?name=Morning+surgery", "/users", "/users/new",
    "/users/user/reception", "/why", "/why?ods=T90001&type=gp-practice&day=2026-03-25", "/nope",
)  # fmt: skip
HOSTILE = "\"><script>alert(1)</script>'{{7*7}}<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("base", ["/desk/T90051", "/n/mine/desk/T90051", ""])
@pytest.mark.parametrize("path", PAGES)
async def test_every_address_in_a_page_is_below_the_mount(base: str, path: str) -> None:
    page = await Reception(base=base).get(path)
    addresses = [unescape(each) for each in re.findall(r'(?:href|src|action)="([^"]*)"', page.text)]
    assert len(addresses) > 5
    assert [each for each in addresses if not each.startswith((f"{base}/", "#"))] == []


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_has_a_script_or_a_style_of_its_own(desk: Reception, path: str) -> None:
    page = await desk.get(path)
    assert (
        re.findall(r"<script|<style|\sstyle=|\son\w+=|javascript:|https?://(?!127\.0\.0\.1|www\.w3\.org)", page.text)
        == []
    )


@pytest.mark.parametrize("path", [*PAGES, "/api", "/api/nope", "/static/nhsuk.css"])
async def test_every_answer_is_guarded(desk: Reception, path: str) -> None:
    headers = (await desk.get(path)).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == ("public, max-age=3600" if "static" in path else "no-store")


async def test_two_desks_do_not_mix() -> None:
    one, other = Reception(), Reception()
    other.practice.name = "Elsewhere Surgery"
    first, second = await asyncio.gather(one.get("/book"), other.get("/book"))
    assert "Riverside Surgery" in first.text
    assert "Elsewhere Surgery" in second.text


@pytest.mark.parametrize("name", static_files())
async def test_a_static_file_comes_once(desk: Reception, name: str) -> None:
    first = await desk.get(f"/static/{name}")
    again = await desk.http.get(f"/static/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.content == static_files()[name].body


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "nhsuk.css/", "", "images"])
async def test_nothing_else_is_served(desk: Reception, name: str) -> None:
    answer = await desk.http.get(f"/static/{name}")
    assert answer.status_code == 404


def test_the_style_sheets_load_nothing_from_elsewhere() -> None:
    sheets = static_files()["nhsuk.css"].body + static_files()["desk.css"].body
    assert b"http" not in sheets
    assert b"@font-face" not in sheets
    assert {match.decode() for match in re.findall(rb"url\(([^)]*)\)", sheets)} <= set(static_files())


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
@pytest.mark.parametrize("path", ["/slots/{slot}/block", "/api/block"])
async def test_a_page_of_another_site_changes_nothing(desk: Reception, headers: dict[str, str], path: str) -> None:
    slot = await desk.slot()
    sent = {"headers": headers | {"Content-Type": "application/x-www-form-urlencoded"}, "content": b""}
    answer = await desk.http.post(path.replace("{slot}", slot.id), **sent)
    assert answer.status_code == 403
    assert await desk.book.is_free(slot.id)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"reason=x", "text/plain", 415),
        (b"--b\r\n", "multipart/form-data; boundary=b", 415),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(2001)), "application/x-www-form-urlencoded", 422),
        (b"patient=%ff%00&description=%F0%9F&comment=\xff", "application/x-www-form-urlencoded; charset=x", 422),
    ],
    ids=["text", "multipart", "large", "many fields", "bytes"],
)
async def test_a_body_that_is_no_form_is_refused(desk: Reception, body: bytes, media_type: str, status: int) -> None:
    slot = await desk.slot()
    answer = await desk.http.post(f"/slots/{slot.id}/book", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert await desk.book.is_free(slot.id)


@pytest.mark.parametrize(
    "path",
    [
        "/slots/%00", "/slots/%ff%fe", "/slots/..%2f..", f"/slots/{'x' * 5000}", "/slots/{{7*7}}", "/slots/%F0%9F%92%89",
        "/users/user/%3Cscript%3E", "/book?day=", "/book?day=0001-01-01", "/book?day=9999-12-31", "/book?day=2026-02-30",
        "/book?day=%00", "/book?day=1&day=2", "/book?holder=%3Cscript%3E", "/set-up/session", "/set-up/session?name=%ff",
        "/why?ods=%3Cscript%3E", "/why?day=-1&type=x", "/api/book?day=1e9", "/api/slots/%0a", "/api/why?day=2026-03-25&day=x",
    ],
)  # fmt: skip
async def test_a_strange_address_is_never_our_failure(desk: Reception, path: str) -> None:
    answer = await desk.http.get(path)
    assert answer.status_code in (200, 404, 422)
    assert "<script>" not in answer.text


async def test_hostile_names_stay_text_on_every_page(desk: Reception) -> None:
    practice = desk.practice
    practice.name = HOSTILE
    practice.patients.update(practice.patients.get("patient-alice"), family=HOSTILE, prefix=HOSTILE)  # type: ignore[arg-type]
    practice.locations = [replace(each, name=HOSTILE) for each in practice.locations]
    practice.practitioners = [replace(each, family=HOSTILE) for each in practice.practitioners]
    desk.staff.add(StaffUser("hostile", HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    slot = await desk.slot()
    body = await desk.riverside.booking(slot)
    body |= {"description": HOSTILE, "comment": HOSTILE, "contained": [booker(name=HOSTILE)]}
    assert (await desk.riverside.ask("create_appointment", body=body)).status == 201
    pages = [
        await desk.get(path) for path in (*PAGES, f"/slots/{slot.id}", "/users/user/hostile", "/book?day=2026-03-24")
    ]
    assert {page.status_code for page in pages} == {200, 404}
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "&amp;lt;" not in page.text


async def test_hostile_input_comes_back_as_text(desk: Reception) -> None:
    slot = await desk.slot()
    fields = {"patient": HOSTILE, "description": HOSTILE * 3, "comment": HOSTILE}
    for path in (f"/slots/{slot.id}/book", "/users/new", "/set-up/practice", "/set-up/session?name=Morning+surgery"):
        sent = fields | dict.fromkeys(
            ("alias", "family", "role", "limit", "channel", "other_ods", "embargo_minutes", "was"), HOSTILE
        )
        answer = await desk.post(path, sent | {"for_ods": "only"})
        assert answer.status_code in (409, 422)
        assert "<script" not in answer.text
        assert "<img" not in answer.text


async def test_a_sessions_name_may_be_anything() -> None:
    strange = replace(SESSIONS[0], name='../ä&name=x#"<b>?')
    desk = Reception(Riverside(sessions=[strange]))
    page = await desk.get("/set-up")
    (link,) = re.findall(r'href="([^"]*/set-up/session\?[^"]*)"', page.text)
    answer = await desk.http.get(unescape(link).removeprefix(BASE))
    assert answer.status_code == 200
    assert "&lt;b&gt;" in answer.text


async def test_a_failed_post_is_shown_and_not_redirected(desk: Reception) -> None:
    answer = await desk.post("/slots/nope/block")
    assert answer.status_code == 404
    assert "There is no slot nope" in text_of(answer)
    assert "<title>Error: " in answer.text


async def test_a_request_that_is_cut_off_changes_nothing(desk: Reception) -> None:
    slot = await desk.slot()
    path = f"{BASE}/slots/{slot.id}/block"
    messages = iter([{"type": "http.request", "body": b"holder=", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"127.0.0.1:8181")]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "root_path": BASE, "query_string": b"",
        "headers": headers, "scheme": "http", "state": {},
    }  # fmt: skip
    await desk.app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert await desk.book.is_free(slot.id)


def test_the_desk_works_in_simulated_time_where_no_thread_may_start() -> None:
    async def main() -> list[int]:
        desk = Reception()
        slot = await desk.slot()
        answers = [await desk.get(path) for path in (*PAGES, "/static/nhsuk.css", "/api/book")]
        answers += [await desk.post(f"/slots/{slot.id}/block"), await desk.api("POST", "/block", {"slots": [slot.id]})]
        return [each.status_code for each in answers]

    assert run_virtual(main) == [200] * 9 + [404] + [200, 200, 303, 409]
