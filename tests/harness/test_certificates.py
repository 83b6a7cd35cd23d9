"""The authority of a world: who it signs for, for how long, and what it says of what it signed."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from harness.certificates import DAY, YEAR, Authority, Issued, authority

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)


@pytest.fixture(scope="module")
def signs() -> Authority:
    return authority("A test authority", NOW)


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def store(signs: Authority) -> Store:
    return Store([signs.own.certificate])


def test_a_strict_verifier_accepts_the_server_by_each_of_its_names(signs: Authority) -> None:
    issued = signs.server(["127.0.0.1", "localhost"]).certificate
    rules = PolicyBuilder().store(store(signs)).time(NOW)
    assert rules.build_server_verifier(x509.DNSName("localhost")).verify(issued, [])
    assert rules.build_server_verifier(x509.IPAddress(ip_address("127.0.0.1"))).verify(issued, [])


@pytest.mark.parametrize("years", [-19, 0, 19])
def test_the_server_can_be_trusted_on_whatever_day_the_world_is_served(signs: Authority, years: int) -> None:
    certificate = signs.server(["localhost"]).certificate
    assert signs.fault(certificate, NOW + years * YEAR) == ""


@pytest.mark.parametrize(
    ("since", "until", "fault"),
    [
        (-DAY, YEAR, ""),
        (-YEAR, -DAY, "certificate has expired"),
        (DAY, YEAR, "certificate is not yet valid"),
        (timedelta(), timedelta(), ""),
    ],
)
def test_a_clients_certificate_is_judged_by_the_worlds_clock(
    signs: Authority, since: timedelta, until: timedelta, fault: str
) -> None:
    issued = signs.client("hub.test", since=since, until=until)
    assert common_name(issued.certificate) == "hub.test"
    assert signs.fault(issued.certificate, NOW) == fault


def test_what_is_revoked_counts_for_nothing_and_the_others_still_do(signs: Authority) -> None:
    gone, kept = signs.revoke(signs.client("hub.test")), signs.client("hub.test")
    assert signs.fault(gone.certificate, NOW) == "certificate has been revoked"
    assert signs.fault(kept.certificate, NOW) == ""


def test_a_certificate_and_its_key_are_one_file(signs: Authority) -> None:
    issued: Issued = signs.client("hub.test")
    assert issued.pem.startswith(issued.public)
    assert b"PRIVATE KEY" in issued.pem
    assert b"PRIVATE KEY" not in issued.public
