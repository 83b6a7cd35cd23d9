"""How scenario steps act on a consumer: ours, or anybody's that offers the same few acts."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from booking_core.selfbook import cancelling, inviting, patient
from booking_core.selfbook.inviting import Draft
from booking_core.selfbook.office import Screen
from harness.files import BadFile, Problem
from harness.product import Product

_OPTION = Path("--consumer")

__all__ = ("Draft", "Driver", "OurDriver", "Screen", "load_factory")


class Driver(Protocol):
    """What a consumer must let a scenario do. `Screen.outcome` uses the words of `crossbook show errors`.

    The three looks at the end may answer None for what the consumer does not keep: checks on it are
    then skipped.
    """

    async def invite(self, draft: Draft) -> Screen:
        """Staff send an invitation; the screen's `token` opens its link."""

    async def invite_many(self, drafts: Sequence[Draft]) -> Sequence[Screen]:
        """Staff select many patients at once."""

    async def revoke(self, token: str) -> Screen:
        """Staff take a link back."""

    async def change_user(self, ods: str, alias: str, changes: Mapping[str, Any]) -> None:
        """The booker's clinical system now holds something else about a user."""

    async def open_link(self, token: str, birth_date: date) -> Screen:
        """The patient opens the link; the screen's `slots` are what they may choose from."""

    async def choose(self, token: str, slot_ids: tuple[str, ...]) -> Screen:
        """The patient confirms slots of the last screen."""

    async def cancel(self, token: str, reason: str) -> Screen:
        """The patient cancels what the link booked."""

    async def rebook(self, token: str) -> Screen:
        """The patient asks for another time."""

    def inbox(self, mobile: str) -> Sequence[str] | None:
        """The texts that a phone got."""

    def record_entries(self, ods: str, nhs_number: str) -> int | None:
        """How many entries a patient's record at an organisation got."""

    def outcomes(self, nhs_number: str) -> Sequence[str] | None:
        """How the attempts for a patient ended, in order."""


@dataclass(frozen=True, slots=True)
class OurDriver:
    """The booking core of this project."""

    product: Product

    async def invite(self, draft: Draft) -> Screen:
        """Staff send an invitation."""
        return await inviting.invite(self.product.office, draft)

    async def invite_many(self, drafts: Sequence[Draft]) -> Sequence[Screen]:
        """Staff select many patients at once."""
        return await inviting.invite_batch(self.product.office, drafts)

    async def revoke(self, token: str) -> Screen:
        """Staff take a link back."""
        return await inviting.revoke(self.product.office, token)

    async def change_user(self, ods: str, alias: str, changes: Mapping[str, Any]) -> None:
        """A user's account changes."""
        self.product.accounts.change(ods, alias, changes)

    async def open_link(self, token: str, birth_date: date) -> Screen:
        """The patient opens the link."""
        return await patient.open_link(self.product.office, token, birth_date)

    async def choose(self, token: str, slot_ids: tuple[str, ...]) -> Screen:
        """The patient confirms."""
        return await patient.confirm(self.product.office, token, slot_ids)

    async def cancel(self, token: str, reason: str) -> Screen:
        """The patient cancels."""
        return await cancelling.cancel_appointment(self.product.office, token, reason)

    async def rebook(self, token: str) -> Screen:
        """The patient asks for another time."""
        return await patient.rebook(self.product.office, token)

    def inbox(self, mobile: str) -> Sequence[str]:
        """The texts that a phone got."""
        return [one.text for one in self.product.phones.texts if one.mobile == mobile]

    def record_entries(self, ods: str, nhs_number: str) -> int:
        """How many entries the record got."""
        return sum((one.ods, one.nhs_number) == (ods, nhs_number) for one in self.product.records.entries)

    def outcomes(self, nhs_number: str) -> Sequence[str]:
        """How the attempts ended."""
        return tuple(one.outcome for one in self.product.ledger.all() if one.nhs_number == nhs_number)


Factory = Callable[[Product, Mapping[str, Any]], Driver]
"""Makes a driver from our product (for its parts, if wanted) and from who is who in the world."""


def load_factory(named: str) -> Factory:
    """The factory behind `module:name`, installed or in the folder that we run in; raises BadFile."""
    module, _, name = named.partition(":")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)  # a console script's path lacks it
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as fault:
        message = f"expected module:factory that can be imported from here, {named!r} cannot: {fault}"
        raise BadFile([Problem(_OPTION, 0, 0, "", message)]) from fault
    if not callable(found):
        raise BadFile([Problem(_OPTION, 0, 0, "", f"{named!r} is no factory: it cannot be called")])
    factory: Factory = found
    return factory
