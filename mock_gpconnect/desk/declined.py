"""The desk's one way to say no: a situation, a status and a sentence for whoever sits at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SITUATIONS: Mapping[str, tuple[int, str]] = {
    "page_unknown": (404, "There is no such page at this desk."),
    "method_refused": (405, "This address cannot be used in that way."),
    "slot_unknown": (404, "There is no slot {slot} in this appointment book."),
    "slot_taken": (409, "This slot has just been taken by somebody else. Nothing was changed: choose another slot."),
    "not_blocked": (409, "This slot is not blocked, so there is nothing to give back."),
    "appointment_unknown": (404, "There is no appointment {appointment} in this book."),
    "appointment_changed": (409, "Somebody changed this appointment while you looked at it. Check it, then try again."),
    "appointment_cancelled": (409, "This appointment is cancelled already."),
    "patient_unknown": (422, "No patient of this practice fits: {patient}."),
    "patients_many": (409, "{count} patients fit: say which one."),
    "patient_inactive": (422, "{patient} has left the practice or has died, so nothing can be booked for them."),
    "session_unknown": (404, "There is nothing called {session} in this appointment book."),
    "holder_unknown": (422, "Nobody at this practice who could hold a session is known as {holder}."),
    "slots_have_no_holder": (422, "Holder and location belong to the whole session: single slots cannot change them."),
    "location_unknown": (422, "This practice has no location {location}."),
    "settings_changed": (409, "Somebody changed these settings while you looked at them. Check them, then try again."),
    "user_unknown": (404, "There is no user {alias} at this practice."),
    "user_exists": (409, "There is a user {alias} at this practice already: choose another user name."),
    "day_out_of_reach": (422, "Choose a day between 1900 and 2200."),
    "form_expected": (415, "Expected a form, sent as application/x-www-form-urlencoded."),
    "json_expected": (415, "Expected JSON, sent as application/json."),
    "too_large": (413, "What was sent is larger than {limit} bytes."),
    "too_many_fields": (422, "The form has more than {limit} fields."),
    "cut_off": (400, "The request ended before all of it had come. Nothing was changed."),
    "other_site": (403, "This was sent from a page of another site, so nothing was done."),
}
"""Situation -> status and sentence, whose placeholders are filled from the facts."""


class Declined(Exception):
    """Something that the desk does not do, named by its row in SITUATIONS."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts

    @property
    def status(self) -> int:
        """The HTTP status."""
        return SITUATIONS[self.why][0]

    @property
    def sentence(self) -> str:
        """What to tell the person."""
        return SITUATIONS[self.why][1].format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of the input; `field` is empty where it is the whole."""

    field: str
    sentence: str


class BadInput(Exception):
    """Input that does not fit its model."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{each.field}: {each.sentence}" for each in problems))
        self.problems = problems


Refusal = (Declined, BadInput)
"""Both ways in which a request can end without effect."""


def status_of(refusal: Declined | BadInput) -> int:
    """The HTTP status of a refusal."""
    return refusal.status if isinstance(refusal, Declined) else 422


def problems_of(refusal: Declined | BadInput) -> tuple[Problem, ...]:
    """What to tell the person, field by field."""
    return (Problem("", refusal.sentence),) if isinstance(refusal, Declined) else refusal.problems
