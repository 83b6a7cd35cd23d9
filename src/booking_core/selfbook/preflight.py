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
class Check:
    """What the checks look at. `encounter` is filled by the first check that needs the receiver."""

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


async def _entitlement(check: Check) -> None:
    booker = check.sender.organisation_ods
    if not (check.pilot.organisations[booker].entitled and check.pilot.link(booker, check.receiver_ods)):
        raise Stop.because("S5", f"{booker} has no active link to {check.receiver_ods}")


async def _name(check: Check) -> None:
    if not (check.sender.family.strip() and any(name.strip() for name in check.sender.given)):
        raise Stop.because("E2", f"user {check.sender.user_id} has no family or no given name")


async def _role(check: Check) -> None:
    if not check.sender.role.strip():
        raise Stop.because("E1", f"user {check.sender.user_id} has no role")


async def _endpoint(check: Check) -> None:
    await check.meet()


async def _patient(check: Check) -> None:
    await booking.trace(check.consumer, check.patient)
    await booking.find_patient(await check.meet(), check.patient)


async def _slots(check: Check) -> None:
    if not await any_slot(await check.meet(), check.wanted, check.pilot.settings.horizon_days):
        raise Stop.because("E3", "every search was answered and left no slot")


CHECKS: Mapping[str, Callable[[Check], Awaitable[None]]] = {
    "entitlement": _entitlement,
    "name": _name,
    "role": _role,
    "endpoint": _endpoint,
    "patient": _patient,
    "slots": _slots,
}


async def preflight(check: Check) -> None:
    """Runs the checks in the pilot's order; raises the first Stop."""
    for name in check.pilot.settings.preflight_order:
        await CHECKS[name](check)
