"""Logical ids for what is made while the server runs: opaque, in the supplier's style."""

import random
import string
import uuid

_ID_CHARACTERS = string.ascii_letters + string.digits + "-."


class NewIds:
    """Makes ids from a seeded source, so that a run can be repeated."""

    def __init__(self, style: str, rng: random.Random) -> None:
        self._rng = rng
        self._make = {"guid": self._guid, "numeric": self._number, "longest": self._longest}[style]
        self._last = rng.randrange(10**8, 10**9)

    def __call__(self) -> str:
        """A new id."""
        return self._make()

    def _guid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def _longest(self) -> str:
        return "".join(self._rng.choices(_ID_CHARACTERS, k=64))

    def _number(self) -> str:
        self._last += self._rng.randrange(1, 100)
        return str(self._last)
