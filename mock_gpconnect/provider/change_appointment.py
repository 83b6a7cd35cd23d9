"""Amending and cancelling: one request shape, told apart by the interaction alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from booking_core.spec.identifiers import Extension
from mock_gpconnect.book.protocol import Appointment, Stale
from mock_gpconnect.checks import Check, enforce
from mock_gpconnect.provider.answers import Answer, etag, single
from mock_gpconnect.provider.appointment_form import AppointmentForm
from mock_gpconnect.provider.appointment_resource import appointment_resource
from mock_gpconnect.provider.appointments import stored_appointment
from mock_gpconnect.provider.bodies import read_resource
from mock_gpconnect.provider.change_checks import AMEND_CHECKS, CANCEL_CHECKS, FORM_CHECKS, Change
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.preferences import preferred
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.provider.texts import kept_description, kept_reason
from mock_gpconnect.refusals import Refused


async def amend_appointment(exchange: Exchange) -> Answer:
    """The appointment with other texts, as its next version."""
    change = await _checked(exchange, AMEND_CHECKS)
    body = change.form.body
    comment = body.get("comment")
    description = kept_description(body["description"], comment, exchange.practice.profile)
    return await _changed(exchange, change, description=description, comment=comment)


async def cancel_appointment(exchange: Exchange) -> Answer:
    """The appointment cancelled for good; its slots are free from now on."""
    change = await _checked(exchange, CANCEL_CHECKS)
    if change.stored.status == "cancelled":
        return preferred(exchange.request, single(change.shown))
    reason = change.form.extensions(Extension.CANCELLATION_REASON)[0]["valueString"]
    kept = kept_reason(reason, exchange.practice.profile)
    return await _changed(exchange, change, status="cancelled", cancellation_reason=kept)


async def _checked(exchange: Exchange, checks: Iterable[Check[Change]]) -> Change:
    form = AppointmentForm(read_resource(exchange.request, "Appointment"))
    enforce(FORM_CHECKS, form)
    if form.body.get("id") != exchange.id:
        raise Refused("id_mismatch", diagnostics="Appointment.id: expected the id in the URL")
    stored = await stored_appointment(exchange)
    _check_version(exchange.request, stored)
    shown = await appointment_resource(exchange.practice, stored)
    change = Change(form, stored, shown, exchange.practice.profile, exchange.now)
    enforce(checks, change)
    return change


def _check_version(request: Request, stored: Appointment) -> None:
    """A version that is named must be the current one; naming none is tolerated."""
    named = request.header("If-Match")
    if named and not {etag(stored.version), "*"} & {tag.strip() for tag in named.split(",")}:
        raise _conflict(stored.version)


async def _changed(exchange: Exchange, change: Change, **changes: Any) -> Answer:
    stored = change.stored
    appointment = replace(stored, **changes, version=stored.version + 1)
    try:
        await exchange.practice.book.change(appointment, was=stored.version)
    except Stale as stale:
        raise _conflict(stale.version) from None
    return preferred(exchange.request, single(await appointment_resource(exchange.practice, appointment)))


def _conflict(version: int) -> Refused:
    return Refused("version_conflict", diagnostics=f"If-Match: the current version is {etag(version)}; read it again")
