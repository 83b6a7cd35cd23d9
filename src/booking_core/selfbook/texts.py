"""Everything that a person reads when things go on, a template each; `user_errors` has what is read when they do not.

`{receiver}` is the name of the receiving organisation: the pilot promises that it is seen throughout.
"""

from collections.abc import Mapping

SCREENS: Mapping[str, str] = {
    "sent": "Invitation to book at {receiver} sent",
    "revoked": "The invitation to book at {receiver} was taken back",
    "choose": "Choose an appointment at {receiver}",
}
"""On a screen only."""

SMS: Mapping[str, str] = {
    "invitation": "{booker} invites you to book an appointment at {receiver}. Choose a time here: {link} "
    "The link works until {until}.",
    "booked": "Your {kind} with {receiver} is booked for {when}{where}. To cancel, contact {booker}.",
    "reminder": "Reminder: your {kind} with {receiver} is on {when}{where}. To cancel, contact {booker}.",
    "cancelled": "Your appointment with {receiver} on {when} is cancelled.",
}
"""Sent to a phone; some are shown on a screen as well."""

RECORD: Mapping[str, str] = {
    "invited": "Invited to book an appointment at {receiver} ({ods})",
    "revoked": "Invitation to {receiver} taken back",
    "booked": "Booked at {receiver} ({ods}) for {when}",
    "cancelled": "Appointment at {receiver} cancelled by the patient",
    "left over": "The earlier appointment could not be cancelled: please cancel it by hand",
    "gone after all": "The earlier appointment at {receiver} ({when}) is cancelled after all",
}
"""Entries in the patient's record at the booker."""
