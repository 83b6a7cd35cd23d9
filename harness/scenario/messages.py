"""Requests and replies as a report keeps them: laid out for reading, people and secrets hidden, not too long."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import orjson

from harness.masking import HIDDEN, Mask, unmasked
from harness.scenario.layout import laid_out
from harness.verdicts import Message

BODY_CAP = 8_000
"""So many characters of a body are kept."""

_SECRET_HEADERS = frozenset({"authorization", "apikey", "cookie", "set-cookie"})
_SECRETS = re.compile(
    r'(?P<before>"(?:access|refresh|id)_token"\s*:\s*"'
    r"|^(?:client_assertion|client_secret|refresh_token|subject_token|code)=)[^\"\s]+"
    r"|\beyJ[\w-]*\.[\w-]*(?:\.[\w-]*)?",
    re.MULTILINE,
)
_NAMES = re.compile(
    r'(?P<key>"(?:family|given)":\s*)(?:\[[^\]]*\]?|"(?:[^"\\]|\\.)*"?)'
    r'|(?P<element><(?:family|given)\s+value=")[^"]*'
    r"|(?P<asked>[?&](?:family|given)=)[^&\s]*"
)
_BROKEN = re.compile(r"\w*\ufffd[\w\ufffd]*")
_BROKEN_OFF = re.compile(r"\w*\ufffd[\w\ufffd]*|\w+\Z")
"""Half a name or number is not found by a mask."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Characters that show as nothing, or that turn the line around them: they are told by their number."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Turns what was on the wire into what a report shows. Much of it repeats, and is done once."""

    mask: Mask
    bodies: dict[tuple[bytes, str], str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)

    def line(self, text: str) -> str:
        """One line, such as a method with its URL."""
        if text not in self.lines:
            self.lines[text] = self._hide(visible(text))
        return self.lines[text]

    def message(self, headers: Iterable[tuple[str, str]], body: bytes, cut: bool = False) -> Message:
        """Headers and body; `cut` says that the journal has kept only the beginning."""
        kept = tuple((name, self._header(name, value)) for name, value in headers)
        media_type = next((value for name, value in headers if name == "content-type"), "")
        if (key := (body, media_type)) not in self.bodies:
            self.bodies[key] = self._body(body, media_type)
        return Message(kept, self.bodies[key] + ("\n... and more" if cut else ""))

    def _header(self, name: str, value: str) -> str:
        if name in _SECRET_HEADERS:
            scheme = value.partition(" ")[0]
            return f"{scheme} {HIDDEN}" if scheme in ("Bearer", "Basic") else HIDDEN
        return self.line(value)

    def _body(self, body: bytes, media_type: str) -> str:
        return _capped(self._hide(visible(_laid_out(body, media_type))))

    def _hide(self, text: str) -> str:
        """Secrets always: an assertion's signature is not even the same in two runs."""
        text = without_secrets(text)
        return text if self.mask is unmasked else self.mask(_NAMES.sub(_nameless, text))


def without_secrets(text: str) -> str:
    """The text with tokens, assertions and codes hidden."""
    return _SECRETS.sub(lambda found: (found["before"] or "") + HIDDEN, text)


def visible(text: str) -> str:
    """The text without anything that cannot be seen."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _nameless(found: re.Match[str]) -> str:
    if found["key"]:
        return f'{found["key"]}"{HIDDEN}"'
    return (found["element"] or found["asked"]) + HIDDEN


def _laid_out(body: bytes, media_type: str) -> str:
    """One thing a line, where we can tell the things apart; else as it came, without words that are broken."""
    text = body.decode("utf-8", "replace")
    if "urlencoded" in media_type:
        return "\n".join(f"{name}={unquote_plus(value)}" for name, _, value in map(_partition, text.split("&")))
    if text.lstrip()[:1] == "<":
        return re.sub(r">\s*<", ">\n<", text)
    try:
        return laid_out(orjson.loads(body))
    except (ValueError, TypeError, RecursionError):
        return (_BROKEN_OFF if text.lstrip()[:1] in ("{", "[") else _BROKEN).sub("\ufffd", text)


def _partition(pair: str) -> tuple[str, str, str]:
    return pair.partition("=")


def _capped(text: str) -> str:
    if len(text) <= BODY_CAP:
        return text
    return f"{text[:BODY_CAP]}\n... {len(text) - BODY_CAP} more characters"
