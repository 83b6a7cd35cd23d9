"""The audit log: every request is in it, answered or not."""

from __future__ import annotations

import pytest

from booking_core.spec.identifiers import Id
from mock_gpconnect.provider.audit import AuditLog
from tests.mock_gpconnect.provider.messages import ALICE
from tests.mock_gpconnect.provider.riverside import NOW, Riverside


async def test_an_entry_says_who_asked_what_when_and_how_it_ended(riverside: Riverside) -> None:
    await riverside.ask("read_patient", id="patient-alice")
    (entry,) = riverside.practice.audit
    assert (entry.sequence, entry.at, entry.status, entry.error_code) == (1, NOW, 200, "")
    assert (entry.user, entry.organisation, entry.device) == (("clerk-1", "Ruth Okafor"), "T90052", "DESK-1")
    assert (entry.sender, entry.path) == ("918999990052", "/Patient/patient-alice")
    assert entry.interaction.endswith("read:patient-1")
    assert entry.trace_id == "2c1f4e0a-0000-4000-8000-000000000001"


async def test_an_entry_names_the_records_that_were_shown(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    await riverside.ask("find_patient", query=[("identifier", f"{Id.NHS_NUMBER}|{ALICE}")])
    await riverside.search()
    shown = [entry.touched for entry in riverside.practice.audit]
    assert shown == [(f"Appointment/{booked['id']}",), ("Patient/patient-alice",), ()]


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"Ssp-To": "1"}, "BAD_REQUEST"), ({"Authorization": None}, "BAD_REQUEST"), ({"Accept": "x/y"}, "BAD_REQUEST")],
)
async def test_a_refused_request_is_in_the_log_with_its_code(
    riverside: Riverside, headers: dict[str, str | None], code: str
) -> None:
    heard = await riverside.ask("read_metadata", headers=headers)
    (entry,) = riverside.practice.audit
    assert (entry.status, entry.error_code) == (heard.status, code)


async def test_a_request_refused_before_its_token_still_tells_whose_it_was(riverside: Riverside) -> None:
    await riverside.ask("read_metadata", headers={"Ssp-To": "1"})
    assert [entry.user[0] for entry in riverside.practice.audit] == ["clerk-1"]


async def test_a_broken_token_leaves_an_entry_without_a_user(riverside: Riverside) -> None:
    await riverside.ask("read_metadata", token="x.y.")
    assert [entry.user for entry in riverside.practice.audit] == [("", "")]


def test_a_full_log_lets_go_of_the_oldest_and_keeps_counting() -> None:
    log = AuditLog(kept=2)
    facts = dict.fromkeys(("interaction", "trace_id", "sender", "method", "path", "error_code", "authorization"), "")
    for _ in range(3):
        log.write(at=NOW, status=200, touched=(), **facts)
    assert [entry.sequence for entry in log] == [2, 3]
