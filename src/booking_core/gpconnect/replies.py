"""Reading a provider's answers. Unknown elements are passed over; missing ones are told."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any

from booking_core.gpconnect.values import Booked, Offer
from booking_core.pds import Demographics
from booking_core.spec.identifiers import Extension, Id
from booking_core.wire.ask import Unreadable
from booking_core.wire.calls import Reply
from booking_core.wire.json_body import given_of, id_of, read_resource, text_of

Resource = Mapping[str, Any]


def read_offers(reply: Reply) -> tuple[Offer, ...]:
    """The free slots of a search, each once, in order of start, joined with its schedule and actors."""
    resources = _resources(reply)
    known = {f"{one.get('resourceType')}/{one.get('id')}": one for one in resources}
    organisation = next((text_of(one, "name") for one in resources if one.get("resourceType") == "Organization"), "")

    @cache  # many slots share a schedule
    def on(schedule: str) -> Callable[..., Offer]:
        return _offers_on(known.get(schedule, {}), known, organisation)

    offers = [
        _offer(one, on(_reference(one.get("schedule")))) for one in known.values() if one.get("resourceType") == "Slot"
    ]
    return tuple(sorted(offers, key=attrgetter("start", "slot_id")))


def read_patients(reply: Reply) -> tuple[tuple[str, Demographics], ...]:
    """(logical id, demographics) of each Patient in a bundle: none, one, and rarely two."""
    return tuple((id_of(one), _demographics(one)) for one in _resources(reply) if one.get("resourceType") == "Patient")


def read_booked(reply: Reply) -> Booked:
    """The Appointment that a create or a read gave."""
    return _booked(read_resource(reply, "Appointment"))


def read_held(reply: Reply) -> Resource:
    """The Appointment to the letter, to be sent back edited in place; it can be read as one."""
    held = read_resource(reply, "Appointment")
    booked_of(held)
    return held


def booked_of(appointment: Resource) -> Booked:
    """What an Appointment says."""
    return _booked(appointment)


def read_appointments(reply: Reply) -> tuple[Booked, ...]:
    """The Appointments of a bundle."""
    return tuple(_booked(one) for one in _resources(reply) if one.get("resourceType") == "Appointment")


def _resources(reply: Reply) -> list[Resource]:
    return [entry["resource"] for entry in read_resource(reply, "Bundle").get("entry", ()) if "resource" in entry]


def _offers_on(schedule: Resource, known: Mapping[str, Resource], organisation: str) -> Callable[..., Offer]:
    """What makes an Offer of this schedule from what is the slot's own."""
    actors = {_reference(actor).partition("/")[0]: _reference(actor) for actor in schedule.get("actor", ())}
    location, practitioner = known.get(actors.get("Location", ""), {}), known.get(actors.get("Practitioner", ""), {})
    return partial(
        Offer,
        session_name=_text([schedule.get("serviceCategory", {})]),
        role=_role(schedule),
        practitioner_id=actors.get("Practitioner", "").partition("/")[2],
        practitioner_name=_person_name(practitioner),
        location_id=actors.get("Location", "").partition("/")[2],
        location_name=text_of(location, "name"),
        location_address=_address(location.get("address", {})),
        organisation_name=organisation,
    )


def _offer(slot: Resource, on_its_schedule: Callable[..., Offer]) -> Offer:
    return on_its_schedule(
        slot_id=id_of(slot),
        start=_instant(slot, "start"),
        end=_instant(slot, "end"),
        slot_type=_text(slot.get("serviceType")),
        channel=text_of(_extension(slot, Extension.DELIVERY_CHANNEL), "valueCode"),
    )


def _demographics(patient: Resource) -> Demographics:
    official: Resource = next((name for name in patient.get("name", ()) if name.get("use") == "official"), {})
    numbers = [text_of(one, "value") for one in patient.get("identifier", ()) if one.get("system") == Id.NHS_NUMBER]
    try:
        born = date.fromisoformat(text_of(patient, "birthDate"))
    except ValueError:
        born = None
    return Demographics(
        numbers[0] if numbers else "",
        text_of(official, "family"),
        given_of(official),
        text_of(patient, "gender"),
        born,
    )


def _booked(appointment: Resource) -> Booked:
    contained = (one for one in appointment.get("contained", ()) if one.get("resourceType") == "Organization")
    codes = [text_of(one, "value") for org in contained for one in org.get("identifier", ()) if one["system"] == Id.ODS]
    return Booked(
        id_of(appointment),
        text_of(appointment.get("meta", {}), "versionId"),
        text_of(appointment, "status"),
        _instant(appointment, "start"),
        tuple(_reference(slot).partition("/")[2] for slot in appointment.get("slot", ())),
        codes[0] if codes else "",
    )


def _instant(resource: Resource, element: str) -> datetime:
    try:
        instant = datetime.fromisoformat(resource[element])
    except (KeyError, TypeError, ValueError) as fault:
        raise Unreadable(f"{resource.get('resourceType')} without a readable {element}") from fault
    if instant.tzinfo is None:
        raise Unreadable(f"{resource.get('resourceType')}.{element} without an offset")
    return instant


def _reference(reference: Any) -> str:
    return str(reference.get("reference", "")) if isinstance(reference, Mapping) else ""


def _text(concepts: Iterable[Resource] | None) -> str:
    return next((str(concept.get("text", "")) for concept in concepts or ()), "")


def _extension(resource: Resource, url: str) -> Resource:
    return next((one for one in resource.get("extension", ()) if one.get("url") == url), {})


def _role(schedule: Resource) -> str:
    concept = _extension(schedule, Extension.PRACTITIONER_ROLE).get("valueCodeableConcept", {})
    return next((str(coding.get("display", "")) for coding in concept.get("coding", ())), "")


def _person_name(practitioner: Resource) -> str:
    name: Resource = next(iter(practitioner.get("name", ())), {})
    return " ".join([*name.get("prefix", ()), *name.get("given", ()), name.get("family", "")]).strip()


def _address(address: Resource) -> str:
    parts = [
        *address.get("line", ()),
        address.get("city", ""),
        address.get("district", ""),
        address.get("postalCode", ""),
    ]
    return ", ".join(part for part in parts if part)
