"""Requests and replies as text, and where the page keeps them.

A short report has each message where it belongs. In a long one most messages repeat, for suppliers and
scenarios share their worlds: it keeps them once, at its end, and refers to them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from harness.verdicts import Message, Result, Wire

SHORT = 1_000_000
"""A report with no more characters of messages is a short one."""

PAGE, LEAST = 9_200_000, 500_000
"""A long report has about so many characters at most, so that it can be sent by mail; of these, at least so many of
messages, however many exchanges there are."""

EXCHANGE, RESULT, BREAK = 420, 4_500, 2_000
"""What an exchange, a result, and one that did not hold cost without their messages, measured over the catalogue."""

SHORTEST, LONGEST = 120, 20_000
"""Where all that is kept would be too much, it is shortened to what fits, within these bounds."""

CHATTER = frozenset({"accept-encoding", "connection", "host", "user-agent"})
"""Headers of the HTTP client, which say nothing that the URL does not."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message: its first line with its headers, and its body."""

    head: str
    body: str

    def __len__(self) -> int:
        return len(self.head) + len(self.body)


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an exchange: its text, or the number under which the page keeps it."""

    title: str
    text: Text
    number: int = 0


@dataclass(slots=True)
class Kept:
    """A body, kept once, below all heads that it came with, by number: both legs through a proxy have one body."""

    body: str
    heads: dict[int, str] = field(default_factory=dict)


Titled = tuple[tuple[str, Text], ...]
Parts = Mapping[int, tuple[Part, ...]]


def arranged(results: Sequence[Result]) -> tuple[list[Parts], list[Kept]]:
    """The parts of every exchange, a mapping for each result, and what is kept at the end."""
    texts = [{one.number: _texts(one) for one in result.exchanges} for result in results]
    sizes = [sum(len(text) for titled in exchanges.values() for _, text in titled) for exchanges in texts]
    broken = [place for place, result in enumerate(results) if result.verdict in ("error", "fail")]
    room = max(LEAST, PAGE - RESULT * len(results) - EXCHANGE * sum(map(len, texts)) - BREAK * len(broken))
    in_place = range(len(results)) if sum(sizes) <= SHORT else _fitting(broken, sizes, min(SHORT, room // 2))
    referring = [exchanges for place, exchanges in enumerate(texts) if place not in in_place]
    once = dict.fromkeys(text for exchanges in referring for titled in exchanges.values() for _, text in titled)
    numbers = {text: number for number, text in enumerate(once, 1)}
    parts: list[Parts] = [
        {number: tuple(_parts(titled, {} if place in in_place else numbers)) for number, titled in exchanges.items()}
        for place, exchanges in enumerate(texts)
    ]
    return parts, _kept(numbers, room - sum(sizes[place] for place in in_place))


def _fitting(places: Sequence[int], sizes: Sequence[int], room: int) -> Sequence[int]:
    totals = accumulate(sizes[place] for place in places)
    return [place for place, total in zip(places, totals, strict=True) if total <= room]


def _kept(numbers: Mapping[Text, int], room: int) -> list[Kept]:
    kept: dict[str, Kept] = {}
    for text, number in numbers.items():
        kept.setdefault(text.body, Kept(text.body)).heads[number] = text.head
    lengths = [*map(len, kept), *(len(text.head) for text in numbers)]
    caps = range(SHORTEST, LONGEST)
    cap = caps[max(0, bisect_right(caps, room, key=lambda cap: sum(min(length, cap) for length in lengths)) - 1)]
    for one in kept.values():
        one.body = _capped(one.body, cap)
        one.heads = {number: _capped(head, cap) for number, head in one.heads.items()}
    return [*kept.values()]


def _parts(titled: Titled, numbers: Mapping[Text, int]) -> Iterator[Part]:
    for title, text in titled:
        yield Part(title, text, numbers.get(text, 0))


def _texts(one: Wire) -> Titled:
    request = _text(one.request.replace("?", "\n  ?", 1).replace("&", "\n  &"), one.asked, one.trace_id)
    if one.came:
        answer = (("Answer of the mock", one.answered, one.answer),) if one.answer else ()
        replies = (*answer, ("What reached the caller", one.seen_status or one.answered, one.came))
    else:
        replies = (("Reply", one.answered, one.answer),) if one.answer else ()
    said = ((title, _text(f"HTTP {status}", message, one.trace_id)) for title, status, message in replies)
    return (("Request", request), *said)


def _text(first: str, message: Message, trace_id: str) -> Text:
    """Without the trace id, which stands with the exchange: so equal messages are equal texts."""
    named = [(name, "(trace id)" if trace_id == value else value) for name, value in message.headers]
    return Text("\n".join([first, *(f"{name}: {value}" for name, value in named if name not in CHATTER)]), message.body)


def _capped(text: str, cap: int) -> str:
    return text if len(text) <= cap else f"{text[:cap]}\n... {len(text) - cap} more"
