"""Requests and replies as text, and where the page keeps them.

A short report has each message where it belongs. In a long one most messages repeat, for suppliers and
scenarios share their worlds: it keeps them once, at its end, and refers to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.verdicts import WORST_FIRST, Message, Result, Wire

PAGE = 9_200_000
"""A page has about so many characters at most: so it can still be sent by mail."""

EXCHANGE, RESULT = 430, 4_500
"""What an exchange and a result cost without their messages, measured over the catalogue."""

IN_PLACE, LEAST = 1_500_000, 500_000
"""At most so many characters of messages stand in their places, those of the worst verdicts first; and
at least so many are kept, however long the report."""

CAPS = (20_000, 6_000, 4_000, 3_000, 2_000, 1_500, 1_000, 600, 200)
"""Where all that is kept at the end would be too much, each message is shortened to the first of these that fits."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an exchange: its text here, or the number under which the page keeps it."""

    title: str
    text: str
    number: int = 0


Titled = tuple[tuple[str, str], ...]
Parts = Mapping[int, tuple[Part, ...]]


def arranged(results: Sequence[Result]) -> tuple[list[Parts], list[str]]:
    """The parts of every exchange, a mapping for each result, and the texts that are kept at the end, from 1."""
    texts = [{one.number: _texts(one) for one in result.exchanges} for result in results]
    room = max(LEAST, PAGE - RESULT * len(results) - EXCHANGE * sum(map(len, texts)))
    in_place = _in_place(results, texts, min(IN_PLACE, room // 4))
    once = dict.fromkeys(
        text
        for place, exchanges in enumerate(texts)
        if place not in in_place
        for titled in exchanges.values()
        for _, text in titled
    )
    numbers = {text: number for number, text in enumerate(once, 1)}
    cap = next((cap for cap in CAPS if sum(min(len(text), cap) for text in once) <= room * 3 // 4), CAPS[-1])
    parts: list[Parts] = [
        {number: tuple(_parts(titled, {} if place in in_place else numbers)) for number, titled in exchanges.items()}
        for place, exchanges in enumerate(texts)
    ]
    return parts, [_capped(text, cap) for text in once]


def _in_place(results: Sequence[Result], texts: Sequence[Mapping[int, Titled]], room: int) -> frozenset[int]:
    left, chosen = room, []
    for place in sorted(range(len(results)), key=lambda place: WORST_FIRST.index(results[place].verdict)):
        left -= sum(len(text) for titled in texts[place].values() for _, text in titled)
        if left < 0:
            break
        chosen.append(place)
    return frozenset(chosen)


def _parts(titled: Titled, numbers: Mapping[str, int]) -> Iterator[Part]:
    for title, text in titled:
        yield Part(title, "", numbers[text]) if text in numbers else Part(title, text)


def _texts(one: Wire) -> Titled:
    request = _text(one.request.replace("?", "\n  ?", 1).replace("&", "\n  &"), one.asked, one.trace_id)
    if one.came:
        answer = (("Answer of the mock", one.answered, one.answer),) if one.answer else ()
        replies = (*answer, ("What reached the caller", one.seen_status, one.came))
    else:
        replies = (("Reply", one.answered, one.answer),) if one.answer else ()
    return (("Request", request),) + tuple(
        (title, _text(f"HTTP {status}" if status else "", message, one.trace_id)) for title, status, message in replies
    )


def _text(first: str, message: Message, trace_id: str) -> str:
    """Without the trace id, which stands with the exchange: so equal messages are equal texts."""
    head = [first] if first else []
    head += [f"{name}: {'(trace id)' if trace_id == value else value}" for name, value in message.headers]
    return "\n".join(head) + (f"\n\n{message.body}" if message.body else "")


def _capped(text: str, cap: int) -> str:
    return text if len(text) <= cap else f"{text[:cap]}\n... {len(text) - cap} more characters, in smaller reports"
