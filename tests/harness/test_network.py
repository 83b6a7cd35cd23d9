import asyncio
import contextvars

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from harness.chance import Chance
from harness.closed_loop import NotVirtual
from harness.network import Mount, Network, StrayRequest
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


def ask(network: Network, url: httpx.URL | str, method: str = "GET", **more: object) -> httpx.Response:
    async def main() -> httpx.Response:
        async with httpx.AsyncClient(transport=network) as client:
            return await client.request(method, url, **more)  # type: ignore[arg-type]

    return run_virtual(main)


def scope_of(url: httpx.URL | str, base: str, **more: object) -> Scope:
    app = Named("app")
    ask(Network([Mount("app", "gpconnect", base, app)]), url, **more)  # type: ignore[arg-type]
    return app.scope


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.test/one", "one"),
        ("https://a.test/one/Patient", "one"),
        ("https://A.test:443/one/", "one"),
        ("https://a.test/one/two/Patient", "two"),
        ("https://a.test/one/twofold", "one"),
        ("https://a.test:8443/one/Patient", "port"),
        ("http://a.test/one/Patient", "plain"),
        ("https://b.test/anything/at/all", "whole"),
        ("https://b.test", "whole"),
    ],
)
def test_scheme_host_port_and_the_longest_base_path_decide_who_answers(url: str, name: str) -> None:
    network = network_of(
        one="https://a.test/one",
        two="https://a.test/one/two/",
        port="https://a.test:8443/one",
        plain="http://a.test/one",
        whole="https://b.test",
    )
    assert ask(network, url).text == name


@pytest.mark.parametrize("url", ["https://a.test/ones", "https://a.test/two", "https://a.test"])
def test_a_path_that_nobody_answers_for_is_told_what_there_is(url: str) -> None:
    reply = ask(network_of(one="https://a.test/one", two="https://b.test/two"), url)
    listed = [mount["base_url"] for mount in reply.json()["mounts"]]
    assert listed == ["https://a.test/one", "https://b.test/two"]
    assert reply.status_code == (200 if url == "https://a.test" else 404)


@pytest.mark.parametrize("url", ["https://int.api.service.nhs.uk/x", "http://a.test/one", "https://a.test:99/one"])
def test_a_host_of_another_world_cannot_be_reached(url: str) -> None:
    network = network_of(one="https://a.test/one")
    with pytest.raises(StrayRequest, match=r"this world has no such host; it has https://a\.test"):
        ask(network, url)


def test_a_stray_request_is_remembered_although_its_sender_swallowed_it() -> None:
    network = network_of(one="https://a.test/one")
    with pytest.raises(StrayRequest):
        ask(network, "https://real.test/Patient/9990000018?family=Smith")
    assert [str(stray) for stray in network.strays] == [
        "GET to https://real.test: this world has no such host; it has https://a.test"
    ]


def test_the_scope_is_what_a_server_would_give() -> None:
    scope = scope_of("https://a.test:8443/gp/Patient/a%2Fb%20c?identifier=x%7Cy&a=", "https://a.test:8443/gp/")
    assert {
        key: scope[key] for key in ("method", "scheme", "root_path", "path", "raw_path", "query_string", "server")
    } == {
        "method": "GET",
        "scheme": "https",
        "root_path": "/gp",
        "path": "/gp/Patient/a/b c",
        "raw_path": b"/gp/Patient/a%2Fb%20c",
        "query_string": b"identifier=x%7Cy&a=",
        "server": ("a.test", 8443),
    }
    assert (scope["type"], scope["state"]["abandoned"], scope["client"]) == ("http", False, ("127.0.0.1", 50000))


@pytest.mark.parametrize("tail", ["", "?start=ge2026-04-01&status=free", "?_include:recurse=Slot%3Aschedule"])
def test_the_double_url_of_the_proxy_arrives_as_it_was_written(tail: str) -> None:
    scope = scope_of(f"https://proxy.test{DOUBLE}{tail}", "https://proxy.test/ssp")
    assert scope["raw_path"] == DOUBLE.encode()
    assert scope["query_string"] == tail[1:].encode()


def test_request_headers_survive_in_order_and_byte_for_byte() -> None:
    sent = [("Ssp-TraceID", b"abc"), ("X-Odd", b"\xe9\xff"), ("accept", b"b"), ("SSP-traceid", b"again")]
    scope = scope_of("https://a.test/one", "https://a.test/one", headers=sent)
    names = (b"ssp-traceid", b"x-odd")
    assert [pair for pair in scope["headers"] if pair[0] in names] == [
        (b"ssp-traceid", b"abc"),
        (b"x-odd", b"\xe9\xff"),
        (b"ssp-traceid", b"again"),
    ]
    assert scope["headers"][0] == (b"host", b"a.test")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PURGE", "M-SEARCH"])
def test_any_method_passes(method: str) -> None:
    app = Named("app")
    ask(Network([Mount("app", "pds", "https://a.test", app)]), "https://a.test/x", method)
    assert app.scope["method"] == method


def test_what_a_caller_keeps_in_context_variables_does_not_cross_the_network() -> None:
    step = contextvars.ContextVar("step", default="none")
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(step.get())
        await Named("x")(scope, receive, send)

    step.set("choose a slot")
    ask(Network([Mount("app", "pds", "https://a.test", app)]), "https://a.test/x")
    assert seen == ["none"]


def test_an_app_may_ask_others_and_be_declared_before_them() -> None:
    network = Network()

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        reply = await network.handle_async_request(httpx.Request("GET", PROVIDER + "/Slot"))
        await Named((await reply.aread()).decode() + " by proxy")(scope, receive, send)

    network.add(Mount("proxy", "ssp", "https://proxy.test/ssp", proxy))
    network.add(Mount("riverside", "gpconnect", PROVIDER, Named("slots")))
    assert ask(network, f"https://proxy.test{DOUBLE}").text == "slots by proxy"


@pytest.mark.parametrize(
    ("name", "base_url"), [("one", "https://b.test"), ("two", "https://a.test/one/"), ("two", "https://A.test:443/one")]
)
def test_two_mounts_share_neither_name_nor_address(name: str, base_url: str) -> None:
    network = network_of(one="https://a.test/one")
    with pytest.raises(ValueError, match="collides with one at https://a.test/one"):
        network.add(Mount(name, "pds", base_url, Named("x")))


def test_an_endpoint_that_would_use_a_thread_stops_the_run() -> None:
    app = FastAPI()

    @app.get("/Slot")
    def search() -> dict[str, str]:
        return {}

    with pytest.raises(NotVirtual, match="async def"):
        ask(Network([Mount("app", "gpconnect", "https://a.test", app)]), "https://a.test/Slot")


def test_quiet_is_when_the_last_exchange_has_ended_also_those_that_others_began() -> None:
    network = Network()
    done: list[str] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(50)
        done.append("slow")
        await Named("slow")(scope, receive, send)

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(20)
        await network.handle_async_request(httpx.Request("GET", "https://slow.test"))
        done.append("proxy")
        await Named("proxy")(scope, receive, send)

    network.add(Mount("slow", "pds", "https://slow.test", slow))
    network.add(Mount("proxy", "ssp", "https://proxy.test", proxy))

    async def main() -> float:
        async with httpx.AsyncClient(transport=network, timeout=5) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("https://proxy.test")
        waiting = asyncio.create_task(network.quiet())
        await asyncio.sleep(1)
        waiting.cancel()  # who stops waiting stops nothing else
        await network.quiet()
        return asyncio.get_running_loop().time()

    assert run_virtual(main) == 70
    assert done == ["slow", "proxy"]


def many(seed: int, count: int) -> list[int]:
    order: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        order.append(int(scope["query_string"]))
        await asyncio.sleep(0.5)
        await Named("x")(scope, receive, send)

    async def main() -> list[int]:
        hops = Chance(seed).stream("hop")
        network = Network([Mount("app", "pds", "https://a.test", app)], hop=lambda: hops.uniform(0.001, 0.01))
        async with httpx.AsyncClient(transport=network) as client:
            replies = await asyncio.gather(*(client.get(f"https://a.test/x?{number}") for number in range(count)))
        assert {reply.status_code for reply in replies} == {200}
        return order

    return run_virtual(main)


def test_five_hundred_exchanges_at_once_are_each_served_in_an_order_that_the_seed_decides() -> None:
    first = many(7, 500)
    assert sorted(first) == list(range(500))
    assert many(7, 500) == first
    assert many(8, 500) != first


def test_a_proxys_exact_words_arrive_although_httpx_would_tidy_them_up() -> None:
    scope = scope_of(
        "https://a.test/gp/x", "https://a.test/gp", extensions={"target": b"/gp/../Slot/%2f|?q=%7C|&r=/../"}
    )
    assert (scope["raw_path"], scope["query_string"]) == (b"/gp/../Slot/%2f|", b"q=%7C|&r=/../")
