"""Right requests to the national services: PDS, SDS and the token service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import orjson

from booking_core.spec.headers import API_KEY, CORRELATION_ID, FHIR_JSON, FORM, JSON_PATCH, REQUEST_ID
from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import BY_NAME, Service
from booking_core.wire.calls import Call
from harness.applications import api_key_of, token_of
from harness.credentials import CORE_API_KEY, KEY_ID
from harness.scenario.probe_row import Probe
from harness.scenario.right import Assertion, Right
from harness.scenario.stage import Stage


async def _pds(stage: Stage, step: Probe) -> Right:
    number = stage.world.names.patients[step.patient].nhs_number
    token = token_of(stage.world.tokens, step.as_, number)
    headers = {"Authorization": f"Bearer {token}", REQUEST_ID: stage.world.new_id()}
    interaction = BY_NAME[step.on]
    path = interaction.path.replace("{id}", number)
    call = Call(interaction, interaction.method, stage.world.addresses.pds + path, headers)
    return Right(_PDS[step.on](stage, step, call) if step.on in _PDS else call, path)


def _pds_search(stage: Stage, step: Probe, call: Call) -> Call:
    row = stage.world.names.patients[step.patient]
    return replace(call, params=(("family", row.family), ("birthdate", row.born.isoformat())))


def _pds_update(stage: Stage, step: Probe, call: Call) -> Call:
    """A change of one value, to the version that PDS holds."""
    held = stage.world.people.get(stage.world.names.patients[step.patient].nhs_number)
    headers = {"If-Match": f'W/"{held.version if held else 1}"', "Content-Type": JSON_PATCH}
    patch = {"op": "replace", "path": "/gender", "value": "unknown"}
    return replace(call, headers={**call.headers, **headers}, body=orjson.dumps({"patches": [patch]}))


_PDS: Mapping[str, Callable[[Stage, Probe, Call], Call]] = {"pds_search": _pds_search, "pds_update": _pds_update}
"""Interactions that need more than a number."""


async def _sds(stage: Stage, step: Probe) -> Right:
    interaction, new_id = BY_NAME[step.on], stage.world.new_id
    params = (
        ("organization", f"{Id.ODS}|{stage.world.names.ods(step.to)}"),
        ("identifier", f"{Id.INTERACTION}|{BY_NAME['search_slots'].id}"),
    )
    headers = {API_KEY: CORE_API_KEY, CORRELATION_ID: new_id(), "Accept": FHIR_JSON}
    url = stage.world.addresses.sds + interaction.path
    return Right(Call(interaction, interaction.method, url, headers, params), interaction.path)


async def _token(stage: Stage, step: Probe) -> Right:
    """An assertion to exchange; for what is only read (`/userinfo`, `/authorize`) an access token instead."""
    world, api_key = stage.world, api_key_of(step.as_)
    call = Call(BY_NAME[step.on], "POST", f"{world.addresses.token}/token", {"Content-Type": FORM})
    if step.method == "GET":
        bearer = f"Bearer {token_of(world.tokens, step.as_, '')}"
        return Right(replace(call, headers={"Authorization": bearer}), "/token")
    claims = {
        "iss": api_key, "sub": api_key, "aud": call.url, "jti": world.new_id(),
        "exp": int((world.now() + timedelta(minutes=5)).timestamp()),
    }  # fmt: skip
    return Right(call, "/token", Assertion({"alg": "RS512", "typ": "JWT", "kid": KEY_ID}, claims, _FORM))


_FORM = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}

NATIONAL: Mapping[Service, Callable[[Stage, Probe], Awaitable[Right]]] = {
    Service.PDS: _pds,
    Service.SDS: _sds,
    Service.TOKEN: _token,
}
"""Who asks each of them rightly."""
