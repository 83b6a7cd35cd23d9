"""The questions that are asked of every clinical system, and the switches of a profile that answer them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aspect:
    """One question. `alike` says why no supplier may answer it in its own way, where there is no switch."""

    number: str
    title: str
    switches: tuple[str, ...] = ()
    alike: str = ""


ASPECTS = (
    Aspect("Q1", "where a slot becomes bookable", ("where.not_bookable",)),
    Aspect("Q2", "who may book", ("limits.subscription", "words.organisations", "where.other_organisations_only")),
    Aspect("Q3", "role gate", ("where.no_role", "where.role_not_listed")),
    Aspect("Q4", "slots that have begun", ("search.hides_begun",)),
    Aspect("Q5", "switches of GP Connect", ("where.gp_connect_off", "where.foundations_off", "where.appointments_off")),
    Aspect(
        "Q6", "403 when switched off",
        (
            "refusals.gp_connect_off", "wording.gp_connect_off", "refusals.foundations_off", "wording.foundations_off",
            "refusals.appointments_off", "wording.appointments_off",
        ),
    ),
    Aspect("Q7", "length of a cancellation reason", ("texts.reason_length",)),
    Aspect("Q8", "description and comment", ("texts.description_length", "texts.comment_length")),
    Aspect("Q9", "two texts in one field", ("texts.joined_by",)),
    Aspect("Q10", "life of a temporary registration", ("patients.temporary_days",)),
    Aspect("Q11", "lapsed temporary patient", alike="not found; registering makes the record active again (guide)"),
    Aspect("Q12", "active patient who was never traced", ("patients.verifies_untraced",)),
    Aspect("Q13", "identity of a hub", ("where.not_on_the_spine",)),
    Aspect("Q14", "its own way across organisations", ("beside.native_booking",)),
    Aspect("Q15", "write-back of a consultation", ("beside.writes_back_to",)),
    Aspect("Q16", "flag that a new slot has", ("where.new_slot",)),
    Aspect("Q17", "name of a session", ("words.session", "words.sessions", "diary.session_name_length")),
    Aspect("Q18", "serviceCategory", ("diary.session_name",)),
    Aspect("Q19", "address of a Location", ("diary.location_address",)),
    Aspect("Q20", "Practitioner", ("diary.practitioner",)),
    Aspect(
        "Q21", "publisher in the metadata",
        ("publisher.publisher", "publisher.software_name", "publisher.software_version"),
    ),
    Aspect("Q22", "formats", ("publisher.formats",)),
    Aspect("Q23", "list of job roles, by release", ("spec_version",)),
    Aspect("Q24", "where a slot limit is enforced", ("limits.slot_limit",)),
    Aspect(
        "Q25", "units of embargo and booking window",
        ("limits.embargo_unit", "limits.window_unit", "where.not_released"),
    ),
    Aspect("Q26", "amending what is cancelled", ("appointments.amend_cancelled",)),
    Aspect("Q27", "style of ids", ("diary.id_style",)),
    Aspect("Q28", "time of a slot search", ("latency.base_ms", "latency.p99_over_p50")),
    Aspect("Q29", "time of each slot", ("latency.per_scanned_ms", "latency.per_returned_ms")),
    Aspect("Q30", "requests at once, the others queue", ("latency.at_once",)),
    Aspect("Q31", "slots listed twice", ("search.duplicate_slots",)),
    Aspect("Q32", "unknown consumer", alike="an empty bundle where nothing is open to all (guide)"),
    Aspect("Q33", "reminders", ("where.reminders",)),
    Aspect("Q34", "role of a booking user", ("where.user_role",)),
)  # fmt: skip
"""In the order in which they are numbered."""
