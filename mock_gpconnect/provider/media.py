"""Which format the answer has: `_format`, then `Accept`, then the request's own, then JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def negotiate(request: Request, supported: Sequence[str]) -> Media:
    """The format to answer in. An unsupported wish is a problem, to be told in JSON."""
    media = _wish(request, supported)
    if media.problem or not _has_body(request):
        return media
    problem = _body_problem(request, supported)
    return Media(problem=problem) if problem else media


def body_format(request: Request) -> str:
    """The format of the request's body, once negotiation found no problem with it."""
    return FORMATS.get(_type_of(request.header("Content-Type")), "json")


def _wish(request: Request, supported: Sequence[str]) -> Media:
    if asked := next((value for value in request.values("_format") if value), ""):
        name = FORMATS.get(_type_of(asked.replace(" ", "+")), "")
        return Media(name) if name in supported else Media(problem=f"_format {asked} is not supported")
    if accept := request.header("Accept"):
        name = _accepted(accept, supported)
        return Media(name) if name else Media(problem=f"Accept {accept} names no supported format")
    name = FORMATS.get(_type_of(request.header("Content-Type")), "json")
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


def _body_problem(request: Request, supported: Sequence[str]) -> str:
    stated = request.header("Content-Type")
    if not stated:
        return "Content-Type is required with a body"
    if FORMATS.get(_type_of(stated)) not in supported or "/" not in _type_of(stated):
        return f"Content-Type {stated} is not supported"
    if _charset(stated) not in ("", "utf-8", "utf8"):
        return f"Content-Type {stated}: bodies are UTF-8"
    if request.header("Content-Encoding").lower() not in ("", "identity"):
        return f"Content-Encoding {request.header('Content-Encoding')} is not supported"
    return ""


def _has_body(request: Request) -> bool:
    return request.method in ("POST", "PUT")


def _type_of(value: str) -> str:
    return value.split(";")[0].strip().lower()


def _charset(value: str) -> str:
    for parameter in value.split(";")[1:]:
        name, _, charset = parameter.partition("=")
        if name.strip().lower() == "charset":
            return charset.strip().strip('"').lower()
    return ""
