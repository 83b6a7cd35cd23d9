"""Texts to the patient. Each names the receiving site: that is the pilot's promise."""

from typing import Protocol

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.invitations import Invitation
from booking_core.uk_time import spoken


class SmsGateway(Protocol):
    """What sends a text to a mobile phone."""

    async def send(self, mobile: str, text: str) -> None:
        """Hands the text over."""


def invitation_text(invitation: Invitation, receiver: str, link: str) -> str:
    """The invitation: who asks, where to, the link and until when."""
    return (
        f"{invitation.sender.organisation_name} invites you to book an appointment at {receiver}. "
        f"Choose a time here: {link} The link works until {spoken(invitation.expires)}."
    )


def confirmation_text(offer: Offer, receiver: str, booker: str) -> str:
    """The confirmation: with whom, when, how, and where with the address."""
    place = "" if offer.site == receiver else offer.site
    where = ", ".join(part for part in (place, offer.location_address) if part)
    kind = f"{offer.channel.lower()} appointment" if offer.channel else "appointment"
    return (
        f"Your {kind} with {receiver} is booked for {spoken(offer.start)}"
        f"{', at ' + where if where else ''}. To cancel, contact {booker}."
    )


def failure_text(receiver: str, link: str) -> str:
    """The booking did not go through, and the link still works."""
    return f"Your booking at {receiver} did not go through. Please choose another time: {link}"
