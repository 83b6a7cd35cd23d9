"""The practice's GP Connect server as one ASGI callable: it dispatches by interaction ID and renders every refusal."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from booking_core.spec.headers import INTERACTION_ID
from booking_core.spec.interactions import BY_ID
from mock_gpconnect.checks import enforce
from mock_gpconnect.latency import SlowSystem, Work
from mock_gpconnect.outcome import operation_outcome
from mock_gpconnect.provider.answers import Answer, Reply, deliver, render
from mock_gpconnect.provider.appointments import list_appointments, read_appointment
from mock_gpconnect.provider.audit_record import record
from mock_gpconnect.provider.change_appointment import amend_appointment, cancel_appointment
from mock_gpconnect.provider.create_appointment import create_appointment
from mock_gpconnect.provider.directory_reads import (
    find_organisation,
    find_practitioner,
    read_location,
    read_organisation,
    read_patient,
    read_practitioner,
)
from mock_gpconnect.provider.exchange import Exchange, Now, Server, server_of
from mock_gpconnect.provider.find_patient import find_patient
from mock_gpconnect.provider.kept_answers import KeptAnswers
from mock_gpconnect.provider.media import Media, negotiate
from mock_gpconnect.provider.metadata import read_metadata
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.register_patient import register_patient
from mock_gpconnect.provider.request_checks import REQUEST_CHECKS, arrival
from mock_gpconnect.provider.requests import (
    ASGIApp,
    ClientGone,
    Receive,
    Request,
    Scope,
    Send,
    read_body,
    request_from,
)
from mock_gpconnect.provider.search_slots import search_slots
from mock_gpconnect.provider.token import read_claims
from mock_gpconnect.provider.token_checks import Token, judge
from mock_gpconnect.provider.traced import TracePds
from mock_gpconnect.refusals import Refused, row_for
from mock_gpconnect.suppliers.profile import Profile

LOG = logging.getLogger(__name__)

_APOLOGY = "unexpected failure inside the provider; its log has more"

Responder = Callable[[Exchange], Awaitable[Answer]]

RESPONDERS: Mapping[str, Responder] = {
    "read_metadata": read_metadata,
    "find_patient": find_patient,
    "read_patient": read_patient,
    "register_patient": register_patient,
    "find_practitioner": find_practitioner,
    "read_practitioner": read_practitioner,
    "find_organisation": find_organisation,
    "read_organisation": read_organisation,
    "read_location": read_location,
    "search_slots": search_slots,
    "create_appointment": create_appointment,
    "list_appointments": list_appointments,
    "read_appointment": read_appointment,
    "amend_appointment": amend_appointment,
    "cancel_appointment": cancel_appointment,
}
"""Who answers an interaction, by its name."""


def provider_app(
    practice: Practice,
    *,
    trace: TracePds,
    now: Now,
    rng: random.Random,
    slow: SlowSystem | None = None,
    only_from: str = "",
    answers: KeptAnswers | None = None,
) -> ASGIApp:
    """The server of one practice; `trace` is its own look-up on the demographics service.

    With `slow` it takes the time that the supplier's clinical system would take, and says so. With
    `only_from` it answers who shows a client certificate of that name, the proxy's, and nobody else.
    `answers` keeps search results for all practices of a world; without, none is kept.
    """
    server = server_of(practice, trace, now, rng, slow, only_from, answers)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            body = await read_body(receive)
        except ClientGone:
            return
        request = request_from(scope, body)
        if slow is None:
            reply, _ = await _reply(server, request)
        else:
            reply = await _in_its_time(server, slow, request)
        await deliver(reply, scope, send)

    return app


async def _in_its_time(server: Server, slow: SlowSystem, request: Request) -> Reply:
    """The reply when the clinical system would have made it, with where its time went."""
    clock = asyncio.get_running_loop().time
    async with slow.place() as spent:
        began = clock()
        reply, work = await _reply(server, request)
        spent.mock_ms = (clock() - began) * 1e3
        interaction = BY_ID.get(request.header(INTERACTION_ID))
        await slow.spend(spent, interaction, work, busyness=server.practice.busyness)
    return replace(reply, headers={**reply.headers, "Server-Timing": spent.header()})


async def _reply(server: Server, request: Request) -> tuple[Reply, Work]:
    """The reply to one request, whatever happens, and its line in the audit log; and how much work it was."""
    arrived = server.now()
    media = negotiate(request, server.practice.profile.publisher.formats)
    try:
        answer = await _answer(server, request, media, arrived)
        reply = render(answer, media.answer, request)
    except Refused as refusal:
        answer = refuse(server.practice.profile, refusal)
        reply = render(answer, media.answer, request)
    except Exception:
        LOG.exception("%s %s: unexpected failure", request.method, request.path)
        answer = refuse(server.practice.profile, Refused("unexpected_failure", diagnostics=_APOLOGY))
        reply = render(answer, "json", request)
    record(server.practice.audit, request, arrived, answer)
    return reply, answer.work


async def _answer(server: Server, request: Request, media: Media, now: datetime) -> Answer:
    enforce(REQUEST_CHECKS, arrival(request, server.practice, media, server.only_from))
    interaction = BY_ID[request.header(INTERACTION_ID)]
    claims = read_claims(request.header("Authorization"))
    judge(Token(claims, interaction, server.practice.profile.token, now))
    return await RESPONDERS[interaction.name](Exchange(server, request, interaction, claims, now))


def refuse(profile: Profile, refusal: Refused) -> Answer:
    """The OperationOutcome of a refusal, in the supplier's words where it has its own."""
    row = row_for(refusal.why, profile.refusals)
    words = profile.wording.get(refusal.why) or str(refusal.facts["diagnostics"])
    tidy = " ".join(words.split())  # some quote a library or a request, with line ends in it
    return Answer(row.status or 500, operation_outcome(row, {"diagnostics": tidy}))
