"""TLS as GP Connect wants it: version 1.2, forward secrecy, client certificates; and what the app hears of it."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from harness.certificates import Authority

CIPHERS = "AESGCM+EECDH:AESGCM+EDH:AES256+EECDH:AES256+EDH"
"""In this order, which is the server's to choose (GP Connect, API security guidance)."""

TLS_1_2 = 0x0303

_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: it would judge by today, and a world has a clock of its own."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How a server speaks TLS, who judges the certificates that callers show, and by which clock."""

    context: ssl.SSLContext
    authority: Authority
    now: Callable[[], datetime]

    def extension(self, connection: ssl.SSLObject) -> dict[str, Any]:
        """ASGI's TLS extension for one connection."""
        shown = connection.getpeercert(binary_form=True)
        certificate = x509.load_der_x509_certificate(shown) if shown else None
        return {
            "server_cert": None,
            "client_cert_chain": [ssl.DER_cert_to_PEM_cert(shown)] if shown else [],
            "client_cert_name": certificate.subject.rfc4514_string() if certificate else None,
            "client_cert_error": (certificate and self.authority.fault(certificate, self.now())) or None,
            "tls_version": TLS_1_2,
            "cipher_suite": None,
        }


def server_context(server: Path, authority: Path, dh_parameters: Path) -> ssl.SSLContext:
    """A server's context, from files, which is how Python reads keys.

    A caller without a certificate, or with one out of date, is let in: the app has words for both. One
    with a certificate that another authority signed is not.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION
    context.load_cert_chain(server)
    context.load_dh_params(str(dh_parameters))
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= _NO_CHECK_TIME
    return context
