import json
from collections.abc import Callable

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.network import Mount, Network
from harness.virtual_time import run_virtual

PROVIDER = "https://provider.test/T90051/STU3/1/gpconnect"
DOUBLE = "/ssp/https://provider.test/T90051/STU3/1/gpconnect/Slot"


class Named:
    """An app that answers with its name and keeps the last scope."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": self.name.encode()})


def network_of(**bases: str) -> Network:
    return Network([Mount(name, "gpconnect", base, Named(name)) for name, base in bases.items()])


def through(app: ASGIApp, path: str, method: str = "GET") -> httpx.Response:
    async def main() -> httpx.Response:
        door = Network([Mount("door", "test", "http://127.0.0.1:8000", app)])
        async with httpx.AsyncClient(transport=door) as client:
            return await client.request(method, f"http://127.0.0.1:8000{path}")

    return run_virtual(main)


@pytest.mark.parametrize(
    ("path", "name"), [("/oauth2/token", "token"), ("/T90051/STU3/1/gpconnect/Slot", "riverside"), (DOUBLE, "ssp")]
)
def test_at_the_front_door_the_path_decides_whatever_the_host(path: str, name: str) -> None:
    door = network_of(token="https://a.test/oauth2", riverside=PROVIDER, ssp="https://b.test/ssp").front_door()
    assert through(door, path).text == name


def test_the_front_door_tells_an_app_its_base_path_and_leaves_the_path_alone() -> None:
    app = Named("ssp")
    through(Network([Mount("ssp", "ssp", "https://b.test/ssp", app)]).front_door(), DOUBLE)
    assert (app.scope["root_path"], app.scope["raw_path"]) == ("/ssp", DOUBLE.encode())


def test_the_front_door_lists_its_mounts() -> None:
    reply = through(network_of(one="https://a.test/one").front_door(), "/")
    assert reply.status_code == 200
    assert reply.json() == {"mounts": [{"name": "one", "service": "gpconnect", "base_url": "https://a.test/one"}]}


def test_the_front_door_says_what_was_asked_when_nothing_is_there() -> None:
    reply = through(network_of(one="https://a.test/one").front_door(), "/ones%2F?family=Smith", "POST")
    assert (reply.status_code, reply.headers["content-type"]) == (404, "application/json")
    assert reply.json() == {
        "asked": "POST /ones%2F",
        "problem": "nothing is mounted at this path",
        "mounts": [{"name": "one", "service": "gpconnect", "base_url": "https://a.test/one"}],
    }


def test_an_app_that_fails_behind_the_front_door_is_a_crash_on_its_network() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("a bug of the mock's")

    network = Network([Mount("pds", "pds", "https://a.test/pds", app)])
    with pytest.raises(httpx.ReadError):
        through(network.front_door(), "/pds/Patient?family=Smith")
    assert [(crash.at, crash.asked) for crash in network.crashes] == [("pds", "GET /pds/Patient")]


def test_mounts_that_only_their_hosts_tell_apart_have_no_front_door() -> None:
    network = network_of(one="https://a.test/gp", two="https://b.test/gp")
    with pytest.raises(ValueError, match="share a base path.*: /gp"):
        network.front_door()


def test_a_mount_at_the_root_answers_what_no_other_does() -> None:
    door = network_of(console="http://127.0.0.1:8000", pds="http://127.0.0.1:8000/pds").front_door()
    assert [through(door, path).text for path in ("/", "/worlds", "/pds/x")] == ["console", "console", "pds"]


def test_the_front_door_takes_a_servers_lifespan_events_calmly() -> None:
    asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    answered: list[str] = []

    async def receive() -> dict[str, str]:
        return asked.pop(0)

    async def send(message: object) -> None:
        answered.append(json.loads(json.dumps(message))["type"])

    door: Callable[..., object] = network_of().front_door()
    run_virtual(lambda: door({"type": "lifespan"}, receive, send))  # type: ignore[arg-type, return-value]
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
