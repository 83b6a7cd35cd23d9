"""What is read of a caller's certificate, from a server's own word or a front proxy's."""

from typing import Any

import pytest

from mock_gpconnect.client_certificate import SUBJECT, VERIFIED, Certificate, certificate_of, fault_in

GOOD = {VERIFIED: "SUCCESS", SUBJECT: "CN=hub.test"}


def tls(name: str | None, error: str | None = None) -> dict[str, Any]:
    return {"extensions": {"tls": {"client_cert_name": name, "client_cert_error": error}}}


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({}, None),
        ({VERIFIED: "NONE", SUBJECT: "CN=hub.test"}, None),
        ({SUBJECT: "CN=hub.test"}, None),
        (GOOD, Certificate("hub.test")),
        ({VERIFIED: "FAILED:certificate has expired"}, Certificate("", "certificate has expired")),
        ({VERIFIED: "FAILED"}, Certificate("", "FAILED")),
        ({VERIFIED: "perhaps", SUBJECT: "CN=hub.test"}, Certificate("hub.test", "perhaps")),
        (GOOD | {SUBJECT: "O=A Trust,CN=hub.test,C=GB"}, Certificate("hub.test")),
        (GOOD | {SUBJECT: r"O=A\,CN=other.test, CN=hub.test"}, Certificate("hub.test")),
        (GOOD | {SUBJECT: "O=Nobody"}, Certificate("")),
    ],
)
def test_a_front_proxys_word_is_read(headers: dict[str, str], read: Certificate | None) -> None:
    assert certificate_of({}, headers) == read


@pytest.mark.parametrize(
    ("scope", "read"),
    [
        (tls(None), None),
        (tls("CN=hub.test"), Certificate("hub.test")),
        (tls("CN=hub.test", "certificate has expired"), Certificate("hub.test", "certificate has expired")),
    ],
)
def test_no_header_contradicts_a_server_that_speaks_tls_itself(scope: dict[str, Any], read: Certificate | None) -> None:
    assert certificate_of(scope, {VERIFIED: "SUCCESS", SUBJECT: "CN=forged.test"}) == read


@pytest.mark.parametrize(
    ("certificate", "fault"),
    [
        (Certificate("hub.test"), ""),
        (Certificate("HUB.test"), ""),
        (Certificate("hub.test.evil"), "issued for hub.test.evil where hub.test is expected"),
        (Certificate(""), "issued for nobody where hub.test is expected"),
        (Certificate("hub.test", "certificate has expired"), "certificate has expired"),
    ],
)
def test_a_certificate_must_hold_and_name_the_caller(certificate: Certificate, fault: str) -> None:
    assert fault_in(certificate, "hub.test") == fault
