"""Fingerprints of settings: whoever saves says which settings they saw, and two people do not overwrite each other."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any

import orjson

from mock_gpconnect.desk.declined import Declined


def fingerprint(settings: Any) -> str:
    """A short word for these settings, equal where they are equal."""
    return blake2s(orjson.dumps(settings, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()


def refuse_unless_seen(was: str | None, settings: Any) -> None:
    """Declines a change that was made up while the settings were others. Saying nothing is tolerated."""
    if was is not None and was != fingerprint(settings):
        raise Declined("settings_changed")
