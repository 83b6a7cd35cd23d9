"""What a scenario can show: journeys, pilot configurations, and the errors with their causes."""

from collections.abc import Mapping

from booking_core.selfbook.user_errors import USER_ERRORS

JOURNEYS: Mapping[str, str] = {
    "J1": "A user sends an individual invitation",
    "J2": "A patient books",
    "J3": "A patient cancels or rebooks",
    "J4": "Reminders",
    "J5": "The receiver's view of a booking",
    "J6": "A batch invitation is refused across organisations",
}

CONFIGURATIONS: Mapping[str, str] = {
    "C1": "Hub and spoke",
    "C2": "Network mesh",
    "C3": "Booker only",
    "C4": "Receiver only among others",
    "C5": "Both, asymmetric",
    "C6": "Mixed clinical systems",
    "C7": "Branch surgery",
    "C8": "Enhanced access hub",
    "C9": "Lead-practice hub",
    "C10": "Broken on purpose",
}

CAUSES: Mapping[str, str] = {
    "E3-a": "no sessions, or all slots booked",
    "E3-b": "slots exist but are not marked bookable",
    "E3-c": "slots are restricted to other organisations",
    "E3-d": "slots are restricted to an organisation type that the consumer did not send",
    "E3-e": "the session holder has no role, or one outside the value set",
    "E3-f": "under embargo, or outside the booking window",
    "E3-g": "all slots of today have begun",
    "E3-h": "slots lie outside the horizon, or in a window that nobody asked for",
    "E3-i": "the sender's slot-type or clinician filter matches nothing",
    "E3-j": "the slot straddles the edge of a search window",
    "E3-k": "delivery channel Visit",
    "E3-l": "the organisation's slot limit is used up",
    "E4-a": "the NHS number is malformed",
    "E4-b": "the NHS number is not on PDS",
    "E4-c": "birth date or name do not verify against PDS",
    "E4-d": "the receiver's copy differs from the booker's",
    "E4-e": "the patient has died",
    "E4-f": "the record is restricted",
    "E4-g": "the NHS number is superseded or invalid",
    "E4-h": "the receiver holds an active record that was never traced",
    "E4-i": "the receiver holds two records of one number",
    "B4": "the registration succeeded, the booking failed",
}

ERRORS: Mapping[str, str] = {row.id: row.trigger for row in USER_ERRORS}

SHOWN: Mapping[str, str] = {**JOURNEYS, **CONFIGURATIONS, **ERRORS, **CAUSES}
"""Word of a scenario's `shows` -> what it stands for."""
