"""Where a thing is put right, in the words of each clinical system."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mock_gpconnect.suppliers.profile import built_in_profiles, load_profile

_FILE = Path(__file__).with_name("suppliers.toml")
_ANYONE = "anyone"


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def in_words_of(supplier: str, key: str) -> str:
    """The system and the place in it, or what holds for every system where nothing is published of this one."""
    own, common = _tables().get(supplier, {}), _tables()[_ANYONE]
    return f"{own.get('title', common['title'])}: {own.get(key, common[key])}"


def writes_back(booker: str, receiver: str) -> bool:
    """Whether a booking appears at a booker of one system by itself when the receiver's is the other."""
    return booker in built_in_profiles() and receiver in load_profile(booker).beside.writes_back_to
