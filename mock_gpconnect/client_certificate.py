"""The certificate that a caller showed, as whoever ended its TLS connection tells it: the server, or a front proxy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERIFIED, SUBJECT = "x-ssl-client-verify", "x-ssl-client-s-dn"
"""What a front proxy says of a certificate: SUCCESS, FAILED:reason or NONE; and its distinguished name."""

_COMMON_NAME = re.compile(r"(?:^|(?<!\\)[,+])\s*CN=((?:\\.|[^\\,+])*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that was shown: the host name that it was issued for, and what is wrong with it, if anything."""

    name: str
    fault: str = ""


def certificate_of(scope: Mapping[str, Any], headers: Mapping[str, str]) -> Certificate | None:
    """The caller's certificate; a server that speaks TLS itself has the word, and no header can contradict it."""
    tls = scope.get("extensions", {}).get("tls")
    return _of_front_proxy(headers) if tls is None else _of_connection(tls)


def _of_connection(tls: Mapping[str, Any]) -> Certificate | None:
    """ASGI's TLS extension."""
    name, fault = tls["client_cert_name"], tls["client_cert_error"] or ""
    return Certificate(_common_name(name or ""), fault) if name or fault else None


def _of_front_proxy(headers: Mapping[str, str]) -> Certificate | None:
    word, _, reason = headers.get(VERIFIED, "").strip().partition(":")
    if word.upper() in ("", "NONE"):
        return None
    return Certificate(_common_name(headers.get(SUBJECT, "")), "" if word.upper() == "SUCCESS" else reason or word)


def _common_name(subject: str) -> str:
    found = _COMMON_NAME.search(subject)
    return found[1].strip() if found else ""


def fault_in(certificate: Certificate, wanted: str) -> str:
    """What is wrong with a certificate where `wanted` is expected to call; empty when nothing is."""
    if certificate.fault:
        return certificate.fault
    if certificate.name.lower() != wanted.lower():
        return f"issued for {certificate.name or 'nobody'} where {wanted} is expected"
    return ""
