"""Certificates without TLS: the words that a front proxy would add are put on every request by its sender."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import httpx

from booking_core.spec.headers import FROM
from booking_core.wire.calls import Call, Reply, Transport
from mock_gpconnect.client_certificate import SUBJECT, VERIFIED


def verified(name: str) -> Mapping[str, str]:
    """What a front proxy says of a good certificate for a host name."""
    return {VERIFIED: "SUCCESS", SUBJECT: f"CN={name}"}


@dataclass(frozen=True, slots=True)
class ShowingSender:
    """The consumer's way to the proxy: its certificate names the endpoint of the ASID that sends."""

    transport: Transport
    endpoint: Callable[[str], str]

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        """Adds the words, except those that a request has already: a tester's own."""
        given = {name.lower(): value for name, value in call.headers.items()}
        if sender := given.get(FROM.lower()):
            added = {name: value for name, value in verified(self.endpoint(sender)).items() if name not in given}
            call = replace(call, headers={**call.headers, **added})
        return await self.transport.send(call, deadline_s=deadline_s)


class ShowingProxy(httpx.AsyncBaseTransport):
    """The Spine Secure Proxy's way to a provider: in place of the consumer's certificate, its own."""

    def __init__(self, transport: httpx.AsyncBaseTransport, name: str) -> None:
        self._transport, self._verified = transport, verified(name)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it on."""
        request.headers.update(self._verified)
        return await self._transport.handle_async_request(request)
