"""What the guides demand of every consumer, told from the journal of a run: a row for each rule."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import BY_NAME, Kind
from harness.rows import PatientRow

from .consumer_evidence import Asked, Evidence

LOOKS = {
    "create_appointment": ("list_appointments",),
    "cancel_appointment": ("read_appointment",),
    "register_patient": ("find_patient",),
}
"""Command -> the questions that tell whether it was carried out."""

PATIENTS = ("find_patient", "register_patient")
FORTNIGHT = timedelta(days=14, hours=1)
"""An hour more where the clocks go back meanwhile."""


def _own_trace_id(evidence: Evidence) -> Iterator[str]:
    seen = set[str]()
    for one in evidence.providers():
        if one.exchange.trace_id in seen or str(UUID(one.exchange.trace_id)) != one.exchange.trace_id.lower():
            yield f"{one.number}: trace id {one.exchange.trace_id} is no new UUID"
        seen.add(one.exchange.trace_id)


def _fresh_token(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers():
        issued, expires = one.claims["iat"], one.claims["exp"]
        age = one.exchange.started.timestamp() - issued
        if expires - issued != 300 or not 0 <= age < 2:
            yield f"{one.number}: a token of {expires - issued} seconds, {age} seconds old"


def _booker(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers():
        ours = evidence.ods_of.get(one.exchange.header("ssp-from"))
        said = {found["value"] for found in one.claims["requesting_organization"]["identifier"]}
        said |= {value.partition("|")[2] for name, value in one.params if value.startswith(Id.ODS)}
        if one.on == "create_appointment":
            said |= {found["value"] for inner in one.body["contained"] for found in inner["identifier"]}
        if said != {ours}:
            yield f"{one.number}: the ASID is that of {ours}, {said} stands in the request"


def _real_user(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers():
        user = one.claims["requesting_practitioner"]
        name = user["name"][0]
        if one.claims["sub"] != user["id"] or not (name["family"].strip() and "".join(name["given"]).strip()):
            yield f"{one.number}: no user with a full name stands behind it"


def _filters(evidence: Evidence) -> Iterator[str]:
    wanted = {("status", "free"), ("_include", "Slot:schedule")}
    for one in evidence.providers("search_slots"):
        filters = [value for name, value in one.params if name == "searchFilter"]
        if not wanted <= set(one.params) or len(filters) != 2 or not all(value.partition("|")[2] for value in filters):
            yield f"{one.number}: a search with {filters}"


def _a_fortnight(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers("search_slots"):
        edges = dict(one.params)
        start, end = (datetime.fromisoformat(edges[name][2:]) for name in ("start", "end"))
        if not timedelta(0) < end - start <= FORTNIGHT:
            yield f"{one.number}: a search from {start} to {end}"


def _looked_up(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers():
        ods = evidence.ods_of[one.to]
        found = list(evidence.before(one, "sds_endpoint", "sds_device"))
        mine = {
            look.on: orjson.dumps(look.answer).decode()
            for look in found
            if f"|{ods}" in dict(look.params)["organization"]
        }
        root = one.exchange.url.partition("/https://")[2].partition("/gpconnect")[0]
        if one.to not in mine.get("sds_device", "") or f"{root}/gpconnect" not in mine.get("sds_endpoint", ""):
            yield f"{one.number}: {one.on} at {ods}, which was not looked up in this encounter"


def _traced_first(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers("create_appointment", "register_patient"):
        row = _whom(evidence, one)
        traced = [
            look.answer for look in evidence.before(one, "pds_retrieve") if look.answer.get("id") == row.nhs_number
        ]
        if not any(_code(found) == "U" and "deceasedDateTime" not in found for found in traced):
            yield f"{one.number}: {one.on} for somebody whom PDS has not verified"


def _restricted_left_alone(evidence: Evidence) -> Iterator[str]:
    restricted = {
        look.answer["id"]
        for look in evidence.asked
        if look.on == "pds_retrieve" and _code(look.answer) not in ("", "U")
    }
    for one in evidence.providers(*PATIENTS):
        if any(number in one.exchange.url + one.exchange.request_body.decode() for number in restricted):
            yield f"{one.number}: {one.on} about a patient whose record is restricted"


def _cross_checked(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers("create_appointment"):
        row, theirs = _whom(evidence, one), _their_record(evidence, one)
        name: Mapping[str, Any] = next((name for name in theirs.get("name", ()) if name["use"] == "official"), {})
        details = [name.get("family", ""), *name.get("given", [""])[:1], theirs.get("gender"), theirs.get("birthDate")]
        if [str(part).casefold() for part in details] != [
            str(part).casefold() for part in (row.family, row.given[0], row.gender, row.born)
        ]:
            yield f"{one.number}: booked for {details}, the booker's record says otherwise"


def _no_blind_repeat(evidence: Evidence) -> Iterator[str]:
    open_ones: dict[tuple[str, str], Asked] = {}
    for one in evidence.providers():
        for key, command in list(open_ones.items()):
            if one.on in LOOKS[command.on] and one.to == command.to and one.answer:
                del open_ones[key]
        if one.on in LOOKS:
            key = one.on, f"{one.to} {_about(evidence, one)}"
            if key in open_ones:
                yield f"{one.number}: {one.on} again, though nobody knows what became of {open_ones[key].number}"
            if not one.is_clear:
                open_ones[key] = one


def _sent_back_as_read(evidence: Evidence) -> Iterator[str]:
    for one in evidence.providers("cancel_appointment", "amend_appointment"):
        read = [
            look.answer for look in evidence.before(one, "read_appointment") if look.answer.get("id") == one.body["id"]
        ]
        held = read[-1] if read else {}
        version = f'W/"{held.get("meta", {}).get("versionId")}"'
        changed = {key for key in {*held, *one.body} if held.get(key) != one.body.get(key)}
        if one.exchange.header("if-match") != version or not changed <= {"status", "extension", "comment"}:
            yield f"{one.number}: {one.on} of what was not read so: {sorted(changed)}"


RULES: Mapping[str, Callable[[Evidence], Iterator[str]]] = {
    "each request has a new trace id": _own_trace_id,
    "each request has a token made for it": _fresh_token,
    "the ASID and the organisation are the booker's own": _booker,
    "a real user stands behind each request": _real_user,
    "each search says what it filters by": _filters,
    "a search spans a fortnight at most": _a_fortnight,
    "an endpoint is looked up in each encounter": _looked_up,
    "nobody is registered or booked for whom PDS has not verified": _traced_first,
    "no provider is asked about a patient whose record is restricted": _restricted_left_alone,
    "nobody is booked for whose details disagree": _cross_checked,
    "no command is sent again before a look at what became of it": _no_blind_repeat,
    "an appointment is sent back as it was read": _sent_back_as_read,
}
"""Rule -> what in a run breaks it."""


def _code(patient: Mapping[str, Any]) -> str:
    security = patient.get("meta", {}).get("security", [])
    return str(security[0]["code"]) if security else ""


def _about(evidence: Evidence, command: Asked) -> str:
    """Whom, or which appointment, a command is about."""
    if command.on == "cancel_appointment":
        return str(command.body["id"])
    return _whom(evidence, command).nhs_number


def _whom(evidence: Evidence, command: Asked) -> PatientRow:
    """The patient of a booking or a registration."""
    record = (
        _their_record(evidence, command)
        if command.on == "create_appointment"
        else command.body["parameter"][0]["resource"]
    )
    [number] = [one["value"] for one in record.get("identifier", ()) if one["system"] == Id.NHS_NUMBER] or [""]
    return evidence.patients[number]


def _their_record(evidence: Evidence, booking: Asked) -> Mapping[str, Any]:
    """The provider's own record of whom is booked for, as it was read in this encounter."""
    actors = [one["actor"]["reference"] for one in booking.body["participant"]]
    found = [
        entry["resource"] for look in evidence.before(booking, *PATIENTS) for entry in look.answer.get("entry", ())
        if look.to == booking.to and f"Patient/{entry['resource']['id']}" in actors
    ]  # fmt: skip
    return found[-1] if found else {}


assert all(BY_NAME[name].kind is Kind.COMMAND for name in LOOKS)
