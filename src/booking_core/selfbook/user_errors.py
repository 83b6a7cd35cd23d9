"""Everything that a person is told when something does not go on, a row each."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserError:
    """`to_sender` is what staff read, `to_patient` what the patient reads.

    `{receiver}` and `{booker}` are names of organisations. A documented text is the product's
    own, to the letter; the others are our words.
    """

    id: str
    trigger: str
    to_sender: str
    to_patient: str
    recovery: str
    documented: bool = False


_CONTACT = "We could not book your appointment at {receiver} online. Please contact {booker}."
_LATER = "We cannot reach {receiver} just now. Your link still works: please try again in a few minutes."
_EMPTY = "There are no appointments left at {receiver} at the moment. Please try again later or contact {booker}."

USER_ERRORS: tuple[UserError, ...] = (
    UserError(
        "E1", "the sending user has no role in the booker's clinical system",
        "Add a user role in your clinical system to continue", _CONTACT,
        "Add the role in the clinical system and send again; the draft is kept.", documented=True,
    ),
    UserError(
        "E2", "the sending user's family or given name is missing",
        "Add your full name to book in to this organisation", _CONTACT,
        "Add the name and send again; the draft is kept.", documented=True,
    ),
    UserError(
        "E3", "every search in the horizon was answered and left no slot",
        "No appointments available. Check slots and try again", _EMPTY,
        "Look at the receiver's appointment book: make slots bookable, or send later.", documented=True,
    ),
    UserError(
        "E4", "the patient's details disagree between booker, PDS and receiver",
        "Check patient details in your clinical system and try again", _CONTACT,
        "Correct the details and send again; the draft is kept.", documented=True,
    ),
    UserError(
        "S1", "SDS has no complete entry for the receiver",
        "{receiver} is not set up to take bookings from other organisations. Tell your pilot lead.", _CONTACT,
        "Register the receiver's endpoint and ASID in SDS.",
    ),
    UserError(
        "S2", "the proxy or the receiver refused the request",
        "{receiver} does not accept bookings from {booker}. The set-up needs checking: tell your pilot lead.", _CONTACT,
        "Check the sharing agreement and the GP Connect switches at the receiver.",
    ),
    UserError(
        "S3", "no answer, or a passing fault, from the receiver or a national service",
        "{receiver} cannot be reached just now. Try again in a few minutes.", _LATER,
        "Wait and try again.",
    ),
    UserError(
        "S4", "an answer came that could not be read",
        "{receiver} gave an answer that could not be read. Try again in a few minutes.", _LATER,
        "Wait and try again; if it stays, the receiver's supplier must look.",
    ),
    UserError(
        "S5", "the booker is not entitled, or has no active link to the receiver",
        "{booker} is not set up to book into {receiver}. Tell your pilot lead.", _CONTACT,
        "Add the link or the entitlement to the pilot's configuration.",
    ),
    UserError(
        "S6", "a batch of invitations leads to another organisation",
        "Invitations to many patients cannot book into another organisation. Invite each patient to {receiver} "
        "by itself.", _CONTACT,
        "Send individual invitations.",
    ),
    UserError(
        "S7", "the text message could not be sent",
        "The text about {receiver} could not be sent. Check the patient's mobile number and try again.", _CONTACT,
        "Check the mobile number and send again; the draft is kept.",
    ),
    UserError(
        "B1", "somebody else took the slot between display and confirmation",
        "The appointment at {receiver} was taken by somebody else.",
        "Sorry, that appointment at {receiver} has just been taken. Please choose another one.",
        "Choose another slot: the link stays valid.",
    ),
    UserError(
        "B2", "the link is unknown, expired, used, locked or revoked",
        "The link can no longer be used.",
        "This link can no longer be used. Please contact the practice that sent it.",
        "Send a new invitation.",
    ),
    UserError(
        "B3", "the date of birth does not match",
        "The date of birth did not match.",
        "That date of birth does not match our record for this link to {receiver}. Please check it and try again.",
        "Enter the date again; too many wrong dates lock the link.",
    ),
    UserError(
        "B5", "the booking had no answer and is not settled yet",
        "It is not known yet whether the appointment at {receiver} was booked.",
        "We are still checking whether {receiver} has booked your appointment. Please open this link again in a few "
        "minutes and do not book elsewhere.",
        "Open the link again: the receiver's book is read before anything is sent again.",
    ),
    UserError(
        "B6", "the appointment was changed in the meantime, or it is too late to cancel",
        "The appointment at {receiver} cannot be changed any more.",
        "Your appointment at {receiver} cannot be changed here any more. Please contact {booker}.",
        "Read it again; contact the receiver.",
    ),
    UserError(
        "B7", "a second tap or another tab, while the booking is under way",
        "A booking at {receiver} is under way.",
        "We are booking your appointment at {receiver}. Please wait a moment and open this link again.",
        "Wait: one tap books once.",
    ),
    UserError(
        "B8", "the new appointment is booked and the old one could not be cancelled",
        "The old appointment at {receiver} is still there.",
        "Your earlier appointment at {receiver} is still there: please contact {booker} to cancel it.",
        "Cancel the old appointment by hand.",
    ),
    UserError(
        "B9", "the cancellation is under way, or had no answer and is not settled yet",
        "It is not known yet whether the appointment at {receiver} was cancelled.",
        "We are still checking whether {receiver} has cancelled your appointment. Please open this link again in a "
        "few minutes.",
        "Open the link again: the appointment is read before anything is sent again.",
    ),
)  # fmt: skip

BY_ID: Mapping[str, UserError] = {row.id: row for row in USER_ERRORS}
