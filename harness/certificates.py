"""The certificate authority of one world: it signs for the server, the proxy and each organisation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEARS = timedelta(days=365 * 20)
"""Before and after the world's clock: clients judge server and authority by today, whenever the world plays."""

YEAR, DAY = timedelta(days=365), timedelta(days=1)

_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    @property
    def public(self) -> bytes:
        """The certificate alone, as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def pem(self) -> bytes:
        """Certificate and key in one file, as curl, nginx and Python read them."""
        return self.public + self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates that hold around `now`, and knows which of them it has revoked."""

    own: Issued
    now: datetime
    revoked: set[int] = field(default_factory=set)

    def server(self, hosts: Sequence[str]) -> Issued:
        """For a server that answers at these host names and addresses."""
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        extensions = (*_end("key_encipherment", ExtendedKeyUsageOID.SERVER_AUTH), names)
        return _signed(hosts[0], self.now - YEARS, self.now + YEARS, extensions, self.own)

    def client(self, name: str, *, since: timedelta = -DAY, until: timedelta = YEAR) -> Issued:
        """For a caller of this name; both moments count from now."""
        extensions = _end("key_agreement", ExtendedKeyUsageOID.CLIENT_AUTH)
        return _signed(name, self.now + since, self.now + until, extensions, self.own)

    def revoke(self, issued: Issued) -> Issued:
        """From here on it counts for nothing."""
        self.revoked.add(issued.certificate.serial_number)
        return issued

    def fault(self, certificate: x509.Certificate, now: datetime) -> str:
        """What is wrong with a certificate that this authority signed; empty when nothing is."""
        if now < certificate.not_valid_before_utc:
            return "certificate is not yet valid"
        if now > certificate.not_valid_after_utc:
            return "certificate has expired"
        return "certificate has been revoked" if certificate.serial_number in self.revoked else ""


def authority(name: str, now: datetime) -> Authority:
    """A new one with a key of its own."""
    extensions = (x509.BasicConstraints(ca=True, path_length=0), _usage("key_cert_sign", "crl_sign"))
    return Authority(_signed(name, now - YEARS, now + YEARS, extensions), now)


def _signed(
    name: str, since: datetime, until: datetime, extensions: Iterable[x509.ExtensionType], by: Issued | None = None
) -> Issued:
    """A certificate for a fresh key; without a signer it signs itself."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, issuer = (by.key, by.certificate.subject) if by else (key, subject)
    builder = x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), since, until,
        [
            x509.Extension(one.oid, isinstance(one, (x509.BasicConstraints, x509.KeyUsage)), one)
            for one in (*extensions, *_key_ids(key, signer))
        ],
    )  # fmt: skip
    return Issued(builder.sign(signer, SHA256()), key)


def _key_ids(key: RSAPrivateKey, signer: RSAPrivateKey) -> Iterator[x509.ExtensionType]:
    """Both key identifiers: strict clients want them."""
    yield x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())


def _end(use: str, purpose: x509.ObjectIdentifier) -> Iterator[x509.ExtensionType]:
    yield x509.BasicConstraints(ca=False, path_length=None)
    yield _usage("digital_signature", use)
    yield x509.ExtendedKeyUsage([purpose])


def _usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{each: each in uses for each in _USES})


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
