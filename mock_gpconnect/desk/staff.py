"""The staff of one practice, as its clinical system knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

UNKNOWN = "UNK"
"""What GP Connect carries where an id of the Spine's directory is not known."""


@dataclass(frozen=True, slots=True)
class StaffUser:
    """A member of staff; an empty part is not recorded in the clinical system. `alias` is the user name."""

    alias: str
    family: str = ""
    given: tuple[str, ...] = ()
    prefix: str = ""
    role: str = ""
    sds_user_id: str = ""
    sds_role_profile_id: str = ""

    @property
    def name(self) -> str:
        """Prefix, given names and family name, as far as they are recorded."""
        return " ".join(part.strip() for part in (self.prefix, *self.given, self.family) if part.strip())

    @property
    def lacks(self) -> tuple[str, ...]:
        """What keeps this user from inviting patients to another organisation: `role`, `full_name`."""
        named = self.family.strip() and any(each.strip() for each in self.given)
        return tuple(word for word, there in (("role", self.role.strip()), ("full_name", named)) if not there)


class Staff:
    """The users of one practice by alias, in the order in which they were added. Read it anew for each use.

    `on_change` is told the alias of every user who is added or changed, for whoever keeps a copy.
    """

    def __init__(self, users: Iterable[StaffUser] = ()) -> None:
        self._users: dict[str, StaffUser] = {}
        self.on_change: Callable[[str], None] = lambda _alias: None
        for user in users:
            self.add(user)

    def __iter__(self) -> Iterator[StaffUser]:
        return iter(tuple(self._users.values()))

    def __len__(self) -> int:
        return len(self._users)

    def get(self, alias: str) -> StaffUser | None:
        """One user."""
        return self._users.get(alias)

    def add(self, user: StaffUser) -> None:
        """Take in a new user; raises KeyError where the alias is in use."""
        if user.alias in self._users:
            raise KeyError(user.alias)
        self.put(user)
        self.on_change(user.alias)

    def update(self, alias: str, **changes: Any) -> StaffUser:
        """Change a user, whose alias stays; raises KeyError where there is none."""
        changed = replace(self._users[alias], **changes)
        self.put(changed)
        self.on_change(alias)
        return changed

    def put(self, user: StaffUser) -> None:
        """Sets a user, as somebody else's copy has them; nobody is told."""
        self._users[user.alias] = user
