"""Chance from one seed: every use draws from a stream of its own."""

import random
import uuid
from collections.abc import Callable

NewId = Callable[[], str]


class Chance:
    """One seed's streams. A new use does not disturb the others: each is seeded by its names.

    `worker` makes them one worker's own: two that serve a world together must not make up the same ids.
    """

    def __init__(self, seed: int, *, worker: int | None = None) -> None:
        self.seed, self._who = seed, () if worker is None else (f"worker {worker}",)

    def stream(self, *names: str) -> random.Random:
        """The stream of these names from its beginning; who shares one keeps it."""
        return random.Random(":".join((str(self.seed), *self._who, *names)))  # noqa: S311 - to be repeated, not to be secret

    def ids(self, *names: str) -> NewId:
        """Lower-case UUIDs (RFC 4122, version 4) drawn from the stream of these names."""
        rng = self.stream(*names)
        return lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4))
