"""What is checked before an invitation is sent: rows, run in the pilot's order, the first failure stops."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from booking_core import booking
from booking_core.booking import PatientRecord
from booking_core.consumer import Consumer, Sender
from booking_core.encounter import Encounter, meet
from booking_core.reactions import Stop
from booking_core.search import Wanted, any_slot
from booking_core.selfbook.pilot import Pilot


@dataclass(slots=True)
class Draft:
    """An invitation that is being composed. `encounter` is filled by the endpoint check."""

    pilot: Pilot
    consumer: Consumer
    sender: Sender
    receiver_ods: str
    patient: PatientRecord
    wanted: Wanted
    encounter: Encounter | None = None

    async def meet(self) -> Encounter:
        """The way to the receiver, looked up once for this draft, whichever check needs it first."""
        if self.encounter is None:
            self.encounter = await meet(self.consumer, self.sender, self.receiver_ods)
        return self.encounter


async def _entitlement(draft: Draft) -> None:
    booker = draft.sender.organisation_ods
    if not (draft.pilot.organisations[booker].entitled and draft.pilot.link(booker, draft.receiver_ods)):
        raise Stop.because("S5", f"{booker} has no active link to {draft.receiver_ods}")


async def _name(draft: Draft) -> None:
    if not (draft.sender.family.strip() and any(name.strip() for name in draft.sender.given)):
        raise Stop.because("E2", f"user {draft.sender.user_id} has no family or no given name")


async def _role(draft: Draft) -> None:
    if not draft.sender.role.strip():
        raise Stop.because("E1", f"user {draft.sender.user_id} has no role")


async def _endpoint(draft: Draft) -> None:
    await draft.meet()


async def _patient(draft: Draft) -> None:
    await booking.trace(draft.consumer, draft.patient)
    await booking.find_patient(await draft.meet(), draft.patient)


async def _slots(draft: Draft) -> None:
    if not await any_slot(await draft.meet(), draft.wanted, draft.pilot.settings.horizon_days):
        raise Stop.because("E3", "every search was answered and left no slot")


CHECKS: Mapping[str, Callable[[Draft], Awaitable[None]]] = {
    "entitlement": _entitlement,
    "name": _name,
    "role": _role,
    "endpoint": _endpoint,
    "patient": _patient,
    "slots": _slots,
}


async def preflight(draft: Draft) -> None:
    """Runs the checks in the pilot's order; raises the first Stop."""
    for name in draft.pilot.settings.preflight_order:
        await CHECKS[name](draft)
