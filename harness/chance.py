"""Chance from one seed: every use draws from a stream of its own."""

import random
import uuid
from collections.abc import Callable

NewId = Callable[[], str]


class Chance:
    """One seed's streams. A new use does not disturb the others: each is seeded by its names."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, *names: str) -> random.Random:
        """The stream of these names from its beginning; who shares one keeps it."""
        return random.Random(":".join((str(self.seed), *names)))  # noqa: S311 - to be repeated, not to be secret

    def ids(self, *names: str) -> NewId:
        """Lower-case UUIDs (RFC 4122, version 4) drawn from the stream of these names."""
        rng = self.stream(*names)
        return lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4))
