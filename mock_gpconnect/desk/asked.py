"""Reads requests to the desk: bodies of a bounded size, from our own pages or from programs, not from other sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.inputs import Input, checked, checked_json

BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 2000
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_SAFE = ("GET", "HEAD", "OPTIONS")

_Model = TypeVar("_Model", bound=Input)


async def desk_of(request: Request) -> Desk:
    """The desk that is asked: one FastAPI app serves them all."""
    desk: Desk = request.scope["desk"]
    return desk


def base_of(request: Request) -> str:
    """The path below which the desk is mounted."""
    return str(request.scope.get("root_path", ""))


Here = Annotated[Desk, Depends(desk_of)]


async def from_this_site(request: Request) -> None:
    """Declines a change that a page of another site makes somebody's browser send."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    strange = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if strange or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Declined("other_site")


class Form:
    """A form's fields; a field may come several times. Blanks around a value do not count."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields = [(name, value.strip()) for name, value in fields]

    def one(self, name: str) -> str:
        """The last value of a field, or nothing."""
        return next((value for key, value in reversed(self._fields) if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return tuple(value for key, value in self._fields if key == name)

    def only(self, *names: str) -> dict[str, str]:
        """These fields by name, as far as they came."""
        return {name: self.one(name) for name in names if self.all(name)}


async def read_form(request: Request) -> Form:
    """The form that a page of ours sent."""
    if _media_type(request) != _FORM:
        raise Declined("form_expected")
    text = (await _body(request)).decode("utf-8", "replace")
    try:
        return Form(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELD_LIMIT))
    except ValueError:
        raise Declined("too_many_fields", limit=FIELD_LIMIT) from None


async def read_json(request: Request, model: type[_Model]) -> _Model:
    """The JSON that a program sent."""
    if _media_type(request) != _JSON:
        raise Declined("json_expected")
    return checked_json(model, await _body(request))


def read_query(request: Request, model: type[_Model], *also: str) -> _Model:
    """The parameters of a query; `also` are names that mean something elsewhere. An empty one counts as left out."""
    given = {name: value.strip() for name, value in request.query_params.items() if name not in also}
    return checked(model, {name: value for name, value in given.items() if value})


def _media_type(request: Request) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_LIMIT:
                raise Declined("too_large", limit=BODY_LIMIT)
    except ClientDisconnect:
        raise Declined("cut_off") from None
    return bytes(body)
