"""Which format the answer has: `_format`, then `Accept`, then the request's own, then JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from booking_core.spec.headers import FHIR_JSON, FHIR_XML
from mock_gpconnect.provider.requests import Request

FORMATS: Mapping[str, str] = {FHIR_JSON: "json", FHIR_XML: "xml", "json": "json", "xml": "xml"}
"""Media type, or FHIR's short form, to format."""

_ANY = ("*/*", "application/*")


@dataclass(frozen=True, slots=True)
class Media:
    """The format of the answer, and what is wrong with the formats that the request names, if anything."""

    answer: str = "json"
    problem: str = ""


class Wish(NamedTuple):
    """All that a request says about formats."""

    formats: tuple[str, ...]
    accept: str
    content_type: str
    content_encoding: str
    has_body: bool


def negotiate(request: Request, supported: Sequence[str]) -> Media:
    """The format to answer in. An unsupported wish is a problem, to be told in JSON."""
    wish = Wish(
        tuple(request.values("_format")),
        request.header("Accept"),
        request.header("Content-Type"),
        request.header("Content-Encoding"),
        request.method in ("POST", "PUT"),
    )
    return _negotiated(wish, tuple(supported))


@lru_cache(maxsize=512)
def _negotiated(wish: Wish, supported: tuple[str, ...]) -> Media:
    """Callers say the same few things over and over."""
    media = _wanted(wish, supported)
    if media.problem or not wish.has_body:
        return media
    problem = _body_problem(wish, supported)
    return Media(problem=problem) if problem else media


def body_format(request: Request) -> str:
    """The format of the request's body, once negotiation found no problem with it."""
    return FORMATS.get(_type_of(request.header("Content-Type")), "json")


def _wanted(wish: Wish, supported: Sequence[str]) -> Media:
    if asked := next((value for value in wish.formats if value), ""):
        name = FORMATS.get(_type_of(asked.replace(" ", "+")), "")
        return Media(name) if name in supported else Media(problem=f"_format {asked} is not supported")
    if wish.accept:
        name = _accepted(wish.accept, supported)
        return Media(name) if name else Media(problem=f"Accept {wish.accept} names no supported format")
    name = FORMATS.get(_type_of(wish.content_type), "json")
    return Media(name if name in supported else "json")


def _accepted(accept: str, supported: Sequence[str]) -> str:
    """The supported format that the header likes best; among equals the first."""
    best, best_quality = "", 0.0
    for part in accept.split(","):
        quality = _quality(part)
        name = supported[0] if _type_of(part) in _ANY else FORMATS.get(_type_of(part), "")
        if name in supported and quality > best_quality:
            best, best_quality = name, quality
    return best


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _body_problem(wish: Wish, supported: Sequence[str]) -> str:
    stated = wish.content_type
    if not stated:
        return "Content-Type is required with a body"
    if FORMATS.get(_type_of(stated)) not in supported or "/" not in _type_of(stated):
        return f"Content-Type {stated} is not supported"
    if _charset(stated) not in ("", "utf-8", "utf8"):
        return f"Content-Type {stated}: bodies are UTF-8"
    if wish.content_encoding.lower() not in ("", "identity"):
        return f"Content-Encoding {wish.content_encoding} is not supported"
    return ""


def _type_of(value: str) -> str:
    return value.split(";")[0].strip().lower()


def _charset(value: str) -> str:
    for parameter in value.split(";")[1:]:
        name, _, charset = parameter.partition("=")
        if name.strip().lower() == "charset":
            return charset.strip().strip('"').lower()
    return ""
