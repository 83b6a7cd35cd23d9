"""One token for all who call PDS: a refused one is renewed once, however many were refused with it."""

import asyncio

from booking_core.access_token import AccessToken
from booking_core.consumer import Consumer
from booking_core.pds import Traced, retrieve
from booking_core.wire.calls import Call, Reply
from harness.credentials import private_key
from harness.virtual_time import run_virtual

from .scripted import consumer, fhir, refusal

PATIENT = {"resourceType": "Patient", "id": "9990010013", "meta": {"security": [{"code": "U"}]}}


class RevokesTheFirst:
    """PDS takes any token but the first, and says so to each in its own time."""

    def __init__(self) -> None:
        self.issued = self.asked = 0

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        if call.interaction.name == "issue_token":
            self.issued += 1
            return fhir({"access_token": f"token-{self.issued}", "expires_in": "599", "token_type": "Bearer"})
        self.asked += 1
        await asyncio.sleep(self.asked)
        was_first = call.headers["Authorization"] == "Bearer token-1"
        return refusal("pds", "UNAUTHORISED") if was_first else fhir(PATIENT)


def test_late_refusals_of_an_old_token_do_not_throw_the_new_one_away() -> None:
    pds = RevokesTheFirst()

    async def main() -> list[Traced]:
        scripted = consumer(pds)
        asking = Consumer(
            scripted.wire, scripted.services, AccessToken("https://token.test", "key", private_key(), "kid")
        )
        return await asyncio.gather(*(retrieve(asking, "9990010013") for _ in range(5)))

    assert len(run_virtual(main)) == 5
    assert (pds.issued, pds.asked) == (2, 10)
