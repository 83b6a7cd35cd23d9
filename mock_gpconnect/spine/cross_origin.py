"""OPTIONS: the proxy answers by itself which verbs a path takes; a provider would refuse the verb."""

from __future__ import annotations

import re
from collections.abc import Mapping

from booking_core.spec.headers import SSP_HEADERS
from booking_core.spec.interactions import INTERACTIONS, Service

_REQUEST_HEADERS = ("Accept", "Authorization", "Content-Type", "If-Match", "Prefer", *SSP_HEADERS)


def _verbs() -> Mapping[str, tuple[str, ...]]:
    """Path -> verbs, from the table of interactions; `/Location` is listed although nothing searches it."""
    verbs: dict[str, tuple[str, ...]] = {"/Location": ("GET",)}
    for row in INTERACTIONS:
        known = verbs.get(row.path, ())
        if row.service is Service.GP_CONNECT and row.method not in known:
            verbs[row.path] = (*known, row.method)
    return verbs


# A path without `{id}` comes first: `$gpc.registerpatient` would pass for an id.
_BY_SHAPE = tuple(
    (re.compile(re.escape(path).replace(r"\{id\}", "[^/]+")), verbs)
    for path, verbs in sorted(_verbs().items(), key=lambda row: "{id}" in row[0])
)


def verbs_at(path: str) -> tuple[str, ...]:
    """The verbs for a path below a service root; none when nothing is there."""
    return next((verbs for shape, verbs in _BY_SHAPE if shape.fullmatch(path)), ())


def cors_headers(verbs: tuple[str, ...]) -> dict[str, str]:
    """What a browser, and the provider test suite, look for in the answer to OPTIONS."""
    allowed = ", ".join(verbs)
    return {
        "allow": allowed,
        "access-control-allow-headers": ", ".join(_REQUEST_HEADERS),
        "access-control-allow-methods": allowed,
        "access-control-allow-origin": "*",
        "access-control-request-method": allowed,
    }
