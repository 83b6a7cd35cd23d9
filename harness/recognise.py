"""Which interaction a request is, by what it says on the outside."""

import re

from starlette.types import Scope

from booking_core.spec.headers import INTERACTION_ID
from booking_core.spec.interactions import BY_ID, INTERACTIONS, Interaction
from harness.asgi import header

UNKNOWN = "unknown"
BY_HEADER = frozenset({"ssp", "gpconnect"})
"""Services that are told what is asked by a header; the others read method and path."""


def _shape(row: Interaction) -> re.Pattern[str]:
    return re.compile(re.escape(row.path).replace(r"\{id\}", "[^/]+"))


_SHAPES = tuple(((str(row.service), row.method), _shape(row), row.name) for row in INTERACTIONS)


def interaction_of(service: str, scope: Scope) -> str:
    """The name of the interaction that this request to a service asks for, or `unknown`."""
    return _by_header(scope) if service in BY_HEADER else _by_shape(service, scope)


def _by_header(scope: Scope) -> str:
    row = BY_ID.get(header(scope["headers"], INTERACTION_ID))
    return row.name if row else UNKNOWN


def _by_shape(service: str, scope: Scope) -> str:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    asked = service, scope["method"]
    return next((name for known, shape, name in _SHAPES if known == asked and shape.fullmatch(path)), UNKNOWN)
