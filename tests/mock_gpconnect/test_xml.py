"""FHIR XML in and out."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.STU3 import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mock_gpconnect.xml import NotAResource, NotXml, read_xml, write_xml

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "extension": [
        {"url": "https://example.org/a", "extension": [{"url": "b", "valueBoolean": False}]},
        {"url": "https://example.org/c", "valueInteger": 0},
    ],
    "identifier": [{"extension": [{"url": "https://example.org/d", "valueCode": "x"}], "system": "s", "value": "1"}],
    "name": [{"family": "O'Neill & <Sons>", "given": ['"Tom"', "Lee"]}],
    "birthDate": "1980-01-01",
}


def test_what_is_written_is_what_the_library_would_write() -> None:
    written = write_xml(PATIENT)
    assert written == get_fhir_model_class("Patient").model_validate(PATIENT).model_dump_xml()


def test_what_is_written_reads_back_the_same() -> None:
    assert read_xml(write_xml(PATIENT)) == PATIENT


def test_a_resource_inside_another_is_wrapped_in_its_type() -> None:
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": PATIENT}]}
    assert b'<entry><resource><Patient><id value="p1"/>' in write_xml(bundle)
    assert read_xml(write_xml(bundle)) == bundle


@given(st.text(max_size=30))
def test_any_text_is_written_as_well_formed_xml(text: str) -> None:
    written = write_xml({"resourceType": "Appointment", "description": text})
    assert written.startswith(b"<?xml")
    (description,) = etree.fromstring(written).iter("{http://hl7.org/fhir}description")
    kept = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert len(description.get("value")) == len(kept)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text",
        b"<Patient>",
        b"\xff\xfe",
        b'<!DOCTYPE Patient><Patient xmlns="http://hl7.org/fhir"/>',
        b'<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Patient xmlns="http://hl7.org/fhir"><id value="&b;"/></Patient>',
        b'<!DOCTYPE p SYSTEM "file:///etc/passwd"><Patient xmlns="http://hl7.org/fhir"/>',
        b"<a>" * 1000,
        b'<?xml version="1.0" encoding="iso-8859-1"?><Patient xmlns="http://hl7.org/fhir"/>',
        '<?xml version="1.0" encoding="utf-16"?><Patient xmlns="http://hl7.org/fhir"/>'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_not_plain_xml_is_refused(body: bytes) -> None:
    with pytest.raises(NotXml):
        read_xml(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<Patient/>",
        b'<Patient xmlns="https://example.org"/>',
        b'<Nothing xmlns="http://hl7.org/fhir"/>',
        b'<Patient xmlns="http://hl7.org/fhir"><colour value="red"/></Patient>',
    ],
)
def test_xml_that_is_no_such_resource_is_another_fault(body: bytes) -> None:
    with pytest.raises(NotAResource):
        read_xml(body)


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<colour value="red"/>', "Appointment: colour is not known to FHIR there"),
        ("<participant><zap/></participant>", "Appointment: zap is not known to FHIR there"),
        ("", "Appointment.participant: Field required"),
        ('<minutesDuration value="x"/>', "Appointment.minutesDuration: Input should be a valid integer, unable"),
    ],
)
def test_what_is_wrong_is_told_as_for_json(inside: str, told: str) -> None:
    with pytest.raises(NotAResource, match=f"^{told}"):
        read_xml(f'<Appointment xmlns="http://hl7.org/fhir">{inside}</Appointment>'.encode())


def test_an_empty_string_value_is_read_as_no_value() -> None:
    body = b'<Patient xmlns="http://hl7.org/fhir"><extension url="u"><valueString value=""/></extension></Patient>'
    assert read_xml(body) == {"resourceType": "Patient", "extension": [{"url": "u"}]}


def test_prefixes_make_no_difference() -> None:
    body = b'<f:Patient xmlns:f="http://hl7.org/fhir"><f:birthDate value="1980-01-01"/></f:Patient>'
    assert read_xml(body) == {"resourceType": "Patient", "birthDate": "1980-01-01"}


def test_comments_are_read_over() -> None:
    body = b'<Patient xmlns="http://hl7.org/fhir"><!-- hello --><birthDate value="1980-01-01"/></Patient>'
    assert read_xml(body) == {"resourceType": "Patient", "birthDate": "1980-01-01"}
