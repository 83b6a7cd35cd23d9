"""A dict that tells what is put in and taken out, for whoever keeps a copy of it elsewhere."""

from collections.abc import Callable
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Watched(dict[K, V]):
    """Tells the key. What is only forgotten, with `del`, is not told: everyone forgets by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.on_change: Callable[[K], None] = lambda _key: None

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.on_change(key)

    def pop(self, key: K, *default: Any) -> Any:
        """Takes out, once."""
        there = key in self
        taken = super().pop(key, *default)
        if there:
            self.on_change(key)
        return taken

    def put(self, key: K, value: V | None) -> None:
        """Sets or takes out what somebody else's copy has or lacks; nobody is told."""
        if value is None:
            super().pop(key, None)
        else:
            super().__setitem__(key, value)
