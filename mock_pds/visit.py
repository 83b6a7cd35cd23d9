"""One request on its way through the gateway to the record."""

from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from booking_core.spec.headers import CORRELATION_ID, REQUEST_ID
from mock_pds.access import APPLICATION, Mode
from mock_pds.tokens import Grant

_MIRRORED = frozenset(header.lower().encode() for header in (REQUEST_ID, CORRELATION_ID))


@dataclass(slots=True)
class Visit:
    """What was asked and, once the token is checked, by whom; `path` is below the service's base."""

    method: str
    path: str
    headers: Headers
    query: list[tuple[str, str]]
    mode: Mode = field(default=APPLICATION)
    _grant: Grant | None = field(default=None)

    @classmethod
    def of(cls, scope: Scope) -> "Visit":
        """The visit that an HTTP scope describes."""
        request = Request(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return cls(request.method, path, request.headers, request.query_params.multi_items())

    @property
    def grant(self) -> Grant:
        """What the token stands for; only the token check may come before it."""
        if self._grant is None:
            raise LookupError("the token has not been checked yet")
        return self._grant

    def admit(self, grant: Grant, mode: Mode) -> None:
        """The token is good: from now on it is known who asks."""
        self._grant, self.mode = grant, mode

    @property
    def request_id(self) -> str:
        """The caller's name for this request; a retry carries the same."""
        return self.headers.get(REQUEST_ID, "")

    @property
    def mirrored(self) -> list[tuple[bytes, bytes]]:
        """The ids that go back to the caller with any answer, as they came: those that are not empty."""
        return [(name, value) for name, value in self.headers.raw if name in _MIRRORED and value]
