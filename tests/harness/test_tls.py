"""A world over TLS on real sockets: which connections there are, and what the proxy and the providers say of each."""

import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.patient import confirm, open_link
from booking_core.wire.transport import HttpTransport
from harness.addresses import one_port
from harness.control import control_app
from harness.lines import line_between
from harness.live import LiveWorlds
from harness.people import own_record
from harness.product import build_product
from harness.real_time import run_accelerated
from harness.rows import WorldRows
from harness.serve import base_url, bind, serving
from harness.tls import Tls
from harness.tls_folder import tls_folder
from harness.virtual_time import clock
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world
from mock_gpconnect.client_certificate import SUBJECT, VERIFIED

T = TypeVar("T")
ROWS, _ = load_world(CATALOGUE / "worlds/client-certificates.yaml")
NOW = clock(datetime(2026, 3, 27, 8, 55, tzinfo=UTC))
SENDER, PROXY = "T90101.pem", "proxy.pem"
FORGED = {VERIFIED: "SUCCESS", SUBJECT: "CN=spine.crossbook.test"}


@dataclass(frozen=True)
class Served:
    """A world on a TLS port, and the folder with everybody's certificates."""

    base: str
    live: LiveWorlds
    folder: Path

    @property
    def world(self) -> World:
        world = self.live.world()
        assert world is not None
        return world

    def context(self, certificate: str = "") -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        if certificate:
            context.load_cert_chain(self.folder / certificate)
        return context

    async def slots(
        self, certificate: str, *, direct: bool = False, more: dict[str, str] | None = None
    ) -> httpx.Response:
        """A search from Millbrook at Riverside, through the proxy or past it."""
        line = line_between(self.world, "millbrook.reception", "riverside")
        call = line.call("search_slots", now=self.world.now(), trace_id="b1a8c0f2-0000-4000-8000-000000000001")
        root = line.route.service_root
        query = "?start=ge2026-03-28&end=le2026-04-03&status=free&_include=Slot:schedule"
        url = (root if direct else f"{self.base}/ssp/{root}") + "/Slot" + query
        async with httpx.AsyncClient(verify=self.context(certificate)) as client:
            return await client.get(url, headers={**call.headers, **(more or {})})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def tls(folder: Path) -> Tls:
    return tls_folder(folder, ROWS, lambda: datetime(2026, 3, 27, 8, 55, tzinfo=UTC))


@pytest.fixture
def serve(folder: Path, tls: Tls) -> Callable[[Callable[[Served], Awaitable[T]]], T]:
    def with_world(main: Callable[[Served], Awaitable[T]], rows: WorldRows = ROWS) -> T:
        async def run() -> T:
            listener, now = bind(), clock(datetime(2026, 3, 27, 8, 55, tzinfo=UTC))
            base = base_url(listener, "https")

            def build(prefix: str) -> World:
                return build_world(rows, folder=Path(), addresses=one_port(base + prefix), now=now, seed=1)

            live = LiveWorlds(build, control_app)
            async with serving(live, sock=listener, tls=tls) as served_at:
                assert served_at == base
                return await main(Served(base, live, folder))

        return run_accelerated(run)

    return with_world


Serve = Callable[[Callable[[Served], Awaitable[T]]], T]


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.message for record in caplog.get_records("call") if record.name != "httpx"] == []


@pytest.mark.parametrize(
    ("certificate", "status"),
    [
        (SENDER, 200),
        ("", 496),
        ("T90102.pem", 495),
        (PROXY, 495),
        ("wrong/expired.pem", 495),
        ("wrong/not-yet-valid.pem", 495),
        ("wrong/revoked.pem", 495),
    ],
)
def test_the_proxy_lets_in_who_shows_the_senders_certificate(
    serve: Serve[httpx.Response], certificate: str, status: int
) -> None:
    heard = serve(lambda served: served.slots(certificate))
    assert heard.status_code == status
    assert heard.json()["resourceType"] == ("Bundle" if status == 200 else "OperationOutcome")


@pytest.mark.parametrize(
    ("certificate", "status"), [(PROXY, 200), ("", 496), (SENDER, 495), ("wrong/expired.pem", 495)]
)
def test_a_provider_lets_in_the_proxy_and_nobody_else(
    serve: Serve[httpx.Response], certificate: str, status: int
) -> None:
    heard = serve(lambda served: served.slots(certificate, direct=True))
    assert heard.status_code == status
    assert heard.headers["cache-control"] == "no-store"
    assert "max-age" in heard.headers["strict-transport-security"]


@pytest.mark.parametrize(("certificate", "status"), [("", 496), (SENDER, 495)])
def test_no_header_stands_in_for_a_certificate_where_tls_is_spoken(
    serve: Serve[httpx.Response], certificate: str, status: int
) -> None:
    assert serve(lambda served: served.slots(certificate, direct=True, more=FORGED)).status_code == status


def test_what_another_authority_signed_ends_the_connection(serve: Serve[None]) -> None:
    async def main(served: Served) -> None:
        with pytest.raises(httpx.TransportError):
            await served.slots("wrong/another-authority.pem")

    serve(main)


def test_plain_http_is_hung_up_on(serve: Serve[None]) -> None:
    async def main(served: Served) -> None:
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.TransportError):
                await client.get(served.base.replace("https", "http") + "/control/clock")

    serve(main)


@pytest.mark.parametrize("path", ["/control/clock", "/control/world", "/desk/T90102/"])
def test_who_is_no_party_to_gp_connect_needs_no_certificate(serve: Serve[int], path: str) -> None:
    async def main(served: Served) -> int:
        async with httpx.AsyncClient(verify=served.context()) as client:
            return (await client.get(served.base + path)).status_code

    assert serve(main) == 200


def test_the_booking_core_books_over_mutual_tls(serve: Serve[str]) -> None:
    async def main(served: Served) -> str:
        client = httpx.AsyncClient(verify=served.context(SENDER), timeout=None)
        async with HttpTransport(client) as transport:
            office = build_product(served.world, transport).office
            row = served.world.names.patients["alice"]
            sent = await invite(office, Draft("T90101", "reception", "T90102", own_record(row)))
            shown = await open_link(office, sent.token, row.born)
            return (await confirm(office, sent.token, (shown.slots[0].slot_id,))).outcome

    assert serve(main) == "booked"


def test_the_directory_tells_the_name_on_the_senders_certificate(serve: Serve[dict[str, str]]) -> None:
    async def main(served: Served) -> dict[str, str]:
        async with httpx.AsyncClient(verify=served.context()) as client:
            who = (await client.get(served.base + "/control/world")).json()
        return {ods["ods"]: ods["fqdn"] for ods in who["organisations"].values()}

    assert serve(main) == {"T90101": "t90101.crossbook.test", "T90102": "t90102.crossbook.test"}


GUIDES = [
    "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA",
    "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-AES256-SHA256", "DHE-RSA-AES256-SHA",
]  # fmt: skip
REFUSED = [
    "AES128-SHA256",
    "AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "NULL-SHA256",
]


def shake_hands(tls: Tls, client: ssl.SSLContext) -> str:
    """A handshake in memory; the cipher suite that both agreed on."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    answering = tls.context.wrap_bio(to_server, to_client, server_side=True)
    for side in (asking, answering, asking, answering):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    found = asking.cipher()
    assert found is not None
    return found[0]


def client_of(folder: Path, ciphers: str = "DEFAULT") -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    return context


@pytest.mark.parametrize("suite", GUIDES)
def test_each_cipher_suite_of_the_guide_is_spoken(tls: Tls, folder: Path, suite: str) -> None:
    client = client_of(folder, suite)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert shake_hands(tls, client) == suite


@pytest.mark.parametrize("suite", REFUSED)
def test_other_cipher_suites_are_refused(tls: Tls, folder: Path, suite: str) -> None:
    client = client_of(folder, suite)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        shake_hands(tls, client)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3])
def test_other_versions_of_tls_are_refused(tls: Tls, folder: Path, version: ssl.TLSVersion) -> None:
    client = client_of(folder)
    client.minimum_version = client.maximum_version = version
    with pytest.raises(ssl.SSLError):
        shake_hands(tls, client)


def test_keys_are_nobody_elses_to_read(folder: Path, tls: Tls) -> None:
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*.pem") if b"PRIVATE" in path.read_bytes()} == {0}
