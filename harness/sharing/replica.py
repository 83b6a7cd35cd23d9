"""What a worker changes in memory and others must know: each hears before it answers, tells before it is heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

Key = tuple[str, str]
"""A kind of thing, and which one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that is kept alike: how its state is read as bytes, and set from somebody else's."""

    state_of: Callable[[str], bytes]
    put: Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Change:
    """The state of one thing after a change; `version` counts them."""

    kind: str
    key: str
    version: int
    state: bytes


Noted = dict[Key, int]
"""What one exchange changed, with the version that it began from."""

_NOTED: ContextVar[Noted | None] = ContextVar("noted", default=None)


@dataclass(slots=True)
class Replica:
    """One worker's copy of what the workers share in memory."""

    parts: Mapping[str, Part]
    versions: dict[Key, int] = field(default_factory=dict)
    settings_seen: dict[str, int] = field(default_factory=dict)
    turn: int = 0

    def collect(self) -> Noted:
        """From here on, what the running task changes is noted."""
        noted: Noted = {}
        _NOTED.set(noted)
        return noted

    def note(self, kind: str, key: str) -> None:
        """Something was changed by the exchange that is running; what others changed is not news to them."""
        noted = _NOTED.get()
        if noted is not None:
            noted.setdefault((kind, key), self.versions.get((kind, key), 0))

    def changes(self, noted: Noted) -> Sequence[Change]:
        """What an exchange changed, as the others should have it."""
        return [Change(kind, key, was + 1, self.parts[kind].state_of(key)) for (kind, key), was in noted.items()]

    def published(self, changes: Sequence[Change]) -> None:
        """The others have these from now on."""
        for each in changes:
            self.versions[each.kind, each.key] = max(each.version, self.versions.get((each.kind, each.key), 0))

    def heard(self, turn: int, change: Change) -> None:
        """Takes over what another worker did; what we know already, our own news among it, is passed over."""
        self.turn = max(self.turn, turn)
        if change.version > self.versions.get((change.kind, change.key), 0):
            self.versions[change.kind, change.key] = change.version
            self.parts[change.kind].put(change.key, change.state)
