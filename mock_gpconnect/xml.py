"""FHIR XML: resources in and out. The order of elements is fhir.resources'; so is the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import orjson
from lxml import etree  # type: ignore[import-untyped]  # ships no types

from mock_gpconnect.fhir_shape import model_class, said_of, shape_of

NAMESPACE = "http://hl7.org/fhir"

_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
_ATTRIBUTES = ("id", "url")
"""Children of a data type that FHIR writes as XML attributes."""

_ENCODINGS = ("utf-8", "us-ascii", "ascii")

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
_QUOTED = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class NotXml(ValueError):
    """The bytes are no well-formed XML document, or one with a document type, which FHIR forbids."""


class NotAResource(ValueError):
    """Well-formed XML that is no FHIR resource, or not one of the type that it names."""


def write_xml(resource: Mapping[str, Any]) -> bytes:
    """The resource as an XML document."""
    out = [_DECLARATION]
    _write_resource(resource, out, f' xmlns="{NAMESPACE}"')
    return "".join(out).encode()


def read_xml(body: bytes) -> dict[str, Any]:
    """The resource in an XML document, as JSON would have it. Raises NotXml or NotAResource."""
    root = _parse(body)
    name = etree.QName(root)
    if name.namespace != NAMESPACE:
        raise NotAResource(f"root element {root.tag}: expected one of {NAMESPACE}")
    for empty in root.iter(f"{{{NAMESPACE}}}valueString"):
        if empty.get("value") == "":  # what JSON can say of an extension, XML says by leaving it out
            del empty.attrib["value"]
    try:
        model = model_class(name.localname).model_validate_xml(_without_prefixes(root))
    except Exception as error:  # the library has several ways to say no to what it does not know
        raise NotAResource(said_of(name.localname, error)) from None
    resource: dict[str, Any] = orjson.loads(model.model_dump_json())
    return resource


def _without_prefixes(root: Any) -> bytes:
    """The document with FHIR as its default namespace: the library knows no other way to write it."""
    plain = etree.Element(root.tag, nsmap={None: NAMESPACE})
    plain.extend(root)
    etree.cleanup_namespaces(plain)
    return bytes(etree.tostring(plain))


def _parse(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(str(error)) from None
    document = root.getroottree().docinfo
    if document.doctype:
        raise NotXml("a document type declaration is forbidden in FHIR")
    if (document.encoding or "utf-8").lower() not in _ENCODINGS:
        raise NotXml(f"{document.encoding}: bodies are UTF-8")
    return root


def _write_resource(resource: Mapping[str, Any], out: list[str], attributes: str = "") -> None:
    name = resource["resourceType"]
    out.append(f"<{name}{attributes}>")
    for element, kind in shape_of(name).items():
        if element in resource:
            _write_all(element, resource[element], kind.type_name, out)
    out.append(f"</{name}>")


def _write_all(name: str, value: Any, type_name: str, out: list[str]) -> None:
    for each in value if isinstance(value, list) else (value,):
        _WRITERS.get(type_name, _write_complex)(name, each, type_name, out)


def _write_primitive(name: str, value: Any, type_name: str, out: list[str]) -> None:
    out.append(f"<{name} value={_text(value)}/>")


def _write_wrapped(name: str, value: Any, type_name: str, out: list[str]) -> None:
    out.append(f"<{name}>")
    _write_resource(value, out)
    out.append(f"</{name}>")


def _write_complex(name: str, value: Any, type_name: str, out: list[str]) -> None:
    attributes = "".join(f" {each}={_text(value[each])}" for each in _ATTRIBUTES if each in value)
    out.append(f"<{name}{attributes}>")
    for element, kind in shape_of(type_name).items():
        if element in value and element not in _ATTRIBUTES:
            _write_all(element, value[element], kind.type_name, out)
    out.append(f"</{name}>")


_WRITERS = {"": _write_primitive, "Resource": _write_wrapped}


def _text(value: Any) -> str:
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return f'"{escape(_NOT_XML.sub(_REPLACEMENT, plain), _QUOTED)}"'
