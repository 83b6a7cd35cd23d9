"""Client certificates at a provider: only the proxy may come, and that is looked at before all else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from booking_core.spec.headers import SSP_HEADERS
from mock_gpconnect.client_certificate import SUBJECT, VERIFIED
from mock_gpconnect.provider.app import provider_app
from tests.mock_gpconnect.provider.riverside import Riverside

MISSING, REFUSED = (496, "ACCESS_DENIED_SSL", "security"), (495, "ACCESS_DENIED_SSL", "security")
PROXY = "spine.test"
GOOD = {VERIFIED: "SUCCESS", SUBJECT: f"CN={PROXY}"}


@pytest.fixture
def strict(riverside: Riverside) -> Riverside:
    """The practice when it lets in the proxy alone."""
    riverside.app = provider_app(
        riverside.practice, trace=riverside.trace, now=riverside.clock, rng=random.Random(7), only_from=PROXY
    )
    return riverside


async def test_the_proxy_is_let_in(strict: Riverside) -> None:
    assert (await strict.ask("read_metadata", headers=GOOD)).status == 200


@pytest.mark.parametrize(
    ("shown", "refusal", "told"),
    [
        ({}, MISSING, "required, and issued for spine.test"),
        ({VERIFIED: "NONE"}, MISSING, "required"),
        (GOOD | {VERIFIED: "FAILED:certificate has expired"}, REFUSED, "certificate has expired"),
        (GOOD | {SUBJECT: "CN=hub.test"}, REFUSED, "issued for hub.test where spine.test is expected"),
    ],
)
async def test_anybody_else_is_told_what_their_certificate_lacks(
    strict: Riverside, shown: dict[str, str], refusal: Any, told: str
) -> None:
    heard = await strict.ask("read_metadata", headers=shown)
    assert heard.refusal == refusal
    assert told in heard.issue["diagnostics"]
    assert heard.headers["cache-control"] == "no-store"


async def test_the_certificate_is_looked_at_before_everything_else(strict: Riverside) -> None:
    heard = await strict.ask(
        "read_metadata", method="DELETE", path="/nowhere", token="x", headers=dict.fromkeys(SSP_HEADERS, "")
    )
    assert heard.refusal == MISSING


async def test_a_refused_caller_is_in_the_audit_log(strict: Riverside) -> None:
    await strict.ask("read_metadata")
    assert [entry.status for entry in strict.practice.audit] == [496]


async def test_nobody_is_asked_for_a_certificate_unless_it_is_switched_on(riverside: Riverside) -> None:
    assert (await riverside.ask("read_metadata", headers={VERIFIED: "FAILED:expired"})).status == 200
