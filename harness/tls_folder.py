"""The folder with the certificates of a world that is served over TLS: its authority, and who may show what."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from harness.certificates import DAY, YEAR, Authority, Issued, authority
from harness.files import write
from harness.registrations import endpoint_name
from harness.rows import WorldRows
from harness.tls import Tls, server_context

HOSTS = ("127.0.0.1", "localhost", "::1")

FFDHE2048 = b"""-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
"""The group of RFC 7919, for the cipher suites without elliptic curves."""


def tls_folder(folder: Path, rows: WorldRows, now: Callable[[], datetime]) -> Tls:
    """Writes them all anew, and gives the server's side of them.

    ca.pem         the authority, for clients to trust
    server.pem     the server itself
    proxy.pem      what the Spine Secure Proxy shows to providers
    ODS.pem        what the system of an organisation shows to the proxy
    wrong/*.pem    the proxy's name on certificates that nobody may accept
    """
    signs = authority(rows.client_certificates.issuer, now())
    dh_parameters = folder / "dh.pem"
    write(dh_parameters, FFDHE2048)
    write(folder / "ca.pem", signs.own.public)
    _keep(folder / "server.pem", signs.server(HOSTS))
    proxy = rows.client_certificates.proxy_name
    _keep(folder / "proxy.pem", signs.client(proxy))
    for ods in (row.ods for row in rows.organisations):
        _keep(folder / f"{ods}.pem", signs.client(endpoint_name(ods)))
    for name, issued in _wrong(signs, proxy):
        _keep(folder / "wrong" / f"{name}.pem", issued)
    return Tls(server_context(folder / "server.pem", folder / "ca.pem", dh_parameters), signs, now)


def _keep(path: Path, issued: Issued) -> None:
    write(path, issued.pem)
    path.chmod(0o600)


def _wrong(signs: Authority, name: str) -> Iterable[tuple[str, Issued]]:
    yield "expired", signs.client(name, since=-YEAR, until=-DAY)
    yield "not-yet-valid", signs.client(name, since=YEAR, until=YEAR + timedelta(days=30))
    yield "revoked", signs.revoke(signs.client(name))
    yield "another-authority", authority("Another authority", signs.now).client(name)
