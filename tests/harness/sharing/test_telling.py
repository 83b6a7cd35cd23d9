"""The layer that tells other workers what an exchange changed, before its answer goes out."""

from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from harness.sharing.replica import Change, Noted, Part, Replica
from harness.sharing.telling import TRIES, Telling


class Kept:
    """One thing that both workers keep: a text."""

    def __init__(self) -> None:
        self.text = b"old"
        self.replica = Replica({"text": Part(lambda _key: self.text, self.put)})

    def put(self, _key: str, state: bytes) -> None:
        self.text = state

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Changes the text to what it is sent, unless somebody has changed it already."""
        body = (await receive())["body"]
        status = 200 if self.text == b"old" else 409
        if status == 200:
            self.text = body
            self.replica.note("text", "")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def ask(app: Any) -> list[int]:
    sent: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"ours", "more_body": False}

    async def send(message: Message) -> None:
        sent.extend([message["status"]] if "status" in message else [])

    await app({"type": "http"}, receive, send)
    return sent


async def test_what_was_changed_is_told_before_the_answer_goes_out() -> None:
    kept, told = Kept(), list[Change]()

    async def tell(noted: Noted) -> bool:
        told.extend(kept.replica.changes(noted))
        return True

    assert await ask(Telling(kept.app, kept.replica.collect, tell)) == [200]
    assert told == [Change("text", "", 1, b"ours")]


async def test_who_comes_second_looks_again_and_answers_from_what_is_now() -> None:
    kept = Kept()

    async def tell(noted: Noted) -> bool:
        if noted:
            kept.replica.heard(1, Change("text", "", 1, b"theirs"))
        return not noted

    assert await ask(Telling(kept.app, kept.replica.collect, tell)) == [409]
    assert kept.text == b"theirs"


async def test_who_never_comes_first_answers_in_the_end_all_the_same() -> None:
    kept, tries = Kept(), list[Noted]()

    async def tell(noted: Noted) -> bool:
        tries.append(noted)
        kept.text = b"old"
        return False

    assert await ask(Telling(kept.app, kept.replica.collect, tell)) == [200]
    assert len(tries) == TRIES


async def test_a_change_outside_of_any_exchange_is_nobodys_news() -> None:
    kept = Kept()
    kept.replica.note("text", "")
    assert kept.replica.changes(kept.replica.collect()) == []


@pytest.mark.parametrize(("version", "text"), [(1, b"ours"), (2, b"ours"), (3, b"theirs")])
def test_news_that_is_no_newer_than_what_is_known_changes_nothing(version: int, text: bytes) -> None:
    kept = Kept()
    kept.text = b"ours"
    kept.replica.published([Change("text", "", 2, b"ours")])
    kept.replica.heard(7, Change("text", "", version, b"theirs"))
    assert (kept.text, kept.replica.turn) == (text, 7)


def test_a_change_on_top_of_an_older_state_says_from_which_it_began() -> None:
    kept = Kept()
    noted = kept.replica.collect()
    kept.replica.note("text", "")
    kept.replica.heard(1, Change("text", "", 1, b"theirs"))
    assert [change.version for change in kept.replica.changes(noted)] == [1]
