"""What hides a slot, in words for a receptionist, and where at this desk it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.why import BEGUN_BUT_SHOWN, FULL_AT_BOOKING

Place = Literal["session", "practice", "book", ""]
"""Where the cure is: the set-up of the session, that of the practice, the appointment book, or nowhere at this desk."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why slots are hidden: a title, an explanation, and where to change it."""

    title: str
    explanation: str
    place: Place = "session"


_REASONS: Mapping[str, Reason] = {
    "not_bookable": Reason(
        "Not ticked as bookable",
        "The {session} is kept for your own patients: it is not ticked as bookable by other organisations.",
    ),
    "no_role": Reason(
        "The {holder} has no job role",
        "Slots are only shown when the {holder} has a job role. The tick alone is not enough.",
    ),
    "role_not_listed": Reason(
        "The {holder}'s job role does not count",
        "The {holder} has a job role that is not on the national list of roles that other organisations may book.",
    ),
    "no_channel": Reason(
        "No delivery channel",
        "Nobody has said whether the appointment is in person, by telephone or by video, so it is not shown.",
    ),
    "home_visit": Reason(
        "Home visits",
        "The delivery channel is a home visit, and other organisations can never book those.",
    ),
    "channel_not_listed": Reason(
        "Unknown delivery channel",
        "The delivery channel is none of in person, telephone and video.",
    ),
    "other_types_only": Reason(
        "Only for other types of organisation",
        "The {session} is restricted to types of organisation, and {asker} did not say that it is one of them.",
    ),
    "other_organisations_only": Reason(
        "Only for other organisations",
        "The {session} is restricted to named organisations, and {asker} is not one of them.",
    ),
    "not_subscribed": Reason(
        "Not subscribed",
        "{asker} is one of those who may book, but has not subscribed to your group yet.",
        "practice",
    ),
    "not_free": Reason(
        "Taken",
        "Somebody has an appointment, or the slot is blocked in the {book}.",
        "book",
    ),
    "outside_the_range": Reason(
        "Outside the days that were asked for",
        "The slot does not lie wholly inside the days that {asker} searched.",
        "",
    ),
    "begun": Reason(
        "Started already",
        "This system does not offer slots that have begun. Nothing is wrong: the time has passed.",
        "",
    ),
    "under_embargo": Reason(
        "Too soon",
        "Your practice keeps slots back when they start within {embargo}: others can no longer book them.",
        "practice",
    ),
    "not_released": Reason(
        "Not released yet",
        "These slots are under an embargo of their own: other organisations see them from a set moment on.",
    ),
    "beyond_the_booking_window": Reason(
        "Too far ahead",
        "Your practice lets others book up to {window} ahead, and these slots are later.",
        "practice",
    ),
    "limit_reached": Reason(
        "The slot limit is used up",
        "As many slots of this {session} are booked by other organisations as its limit allows.",
    ),
    FULL_AT_BOOKING: Reason(
        "Shown, but booking would be refused",
        "They see these slots, but the {session}'s slot limit is used up: an attempt to book one will fail.",
    ),
    BEGUN_BUT_SHOWN: Reason(
        "Started already, but shown",
        "This system still lists slots that have begun, and {asker} leaves them out. Nothing is wrong.",
        "",
    ),
    "beyond_the_horizon": Reason(
        "Further ahead than anybody looks",
        "You show these slots, but invitations look fewer days ahead.",
        "",
    ),
    "between_two_searches": Reason(
        "Between two searches",
        "You show these slots, but {asker} searches a fortnight at a time, and they begin in one and end in the next.",
        "",
    ),
    "filtered_by_the_sender": Reason(
        "Not what the invitation asks for",
        "You show these slots, but their type, {holder} or location is not spelt as in the invitation.",
    ),
    "call_on_the_same_day": Reason(
        "A call on the day of booking",
        "You show these slots, but {asker} tells patients only the half of the day, so nobody is offered a call today.",
        "",
    ),
    "gp_connect_off": Reason(
        "GP Connect is switched off",
        "Your practice has switched GP Connect off, so no organisation gets an answer at all.",
        "practice",
    ),
    "not_on_the_spine": Reason(
        "Not on the Spine",
        "The Spine's directory has no entry for {asker} to find, so no request comes here at all.",
        "",
    ),
    "appointments_off": Reason(
        "Appointments are switched off",
        "Your practice has switched GP Connect appointments off, so no organisation gets an answer at all.",
        "practice",
    ),
}

REASONS = tuple(_REASONS)
"""The names of all reasons that have words."""


def reason_of(desk: Desk, name: str, asker: str = "the other organisation") -> Reason:
    """The reason in this practice's words; one that has no words yet is told by its name."""
    found = _REASONS.get(name) or Reason(name.replace("_", " ").capitalize(), "A setting hides these slots.")
    facts = {
        "asker": asker,
        "embargo": duration(desk, "embargo"),
        "window": duration(desk, "booking_window"),
        **{word: desk.word(word) for word in ("session", "holder", "book")},
    }
    return Reason(found.title.format_map(facts), found.explanation.format_map(facts), found.place)


def duration(desk: Desk, setting: Literal["embargo", "booking_window"]) -> str:
    """A length of time as people say it: `2 days`, `90 minutes`."""
    span = desk.practice.embargo if setting == "embargo" else desk.practice.booking_window
    minutes = round(span.total_seconds() / 60) if span else 0
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes and minutes % size == 0:
            return f"{minutes // size} {unit}{'s' if minutes != size else ''}"
    return "0 minutes"
