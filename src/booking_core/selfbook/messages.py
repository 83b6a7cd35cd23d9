"""Texts to the patient. Each names the receiving site: that is the pilot's promise."""

from datetime import datetime, time
from typing import Protocol

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.invitations import Invitation
from booking_core.selfbook.pilot import Settings
from booking_core.uk_time import local_time, spoken, spoken_day

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters that GSM-7 writes with an escape before them: each counts as two."""

AFTERNOON = time(13)


class NotSent(Exception):
    """The gateway did not take a text; the message tells why."""


class SmsGateway(Protocol):
    """What sends a text to a mobile phone."""

    async def send(self, mobile: str, text: str) -> None:
        """Hands the text over; raises NotSent."""


async def try_to_send(gateway: SmsGateway, mobile: str, text: str) -> bool:
    """For what is true without the text as well: a booking is not undone because a text failed."""
    try:
        await gateway.send(mobile, text)
    except NotSent:
        return False
    return True


def fragments(text: str) -> int:
    """How many texts a phone company charges for: 160 or 70 characters in one, 153 or 67 in each of several."""
    if set(text) <= _GSM7 | _GSM7_EXTENDED:
        length, single, part = len(text) + sum(letter in _GSM7_EXTENDED for letter in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)


def invitation_text(invitation: Invitation, receiver: str, link: str) -> str:
    """The invitation: who asks, where to, the link and until when."""
    return (
        f"{invitation.sender.organisation_name} invites you to book an appointment at {receiver}. "
        f"Choose a time here: {link} The link works until {spoken(invitation.expires)}."
    )


def confirmation_text(offer: Offer, receiver: str, booker: str, settings: Settings) -> str:
    """The confirmation: with whom, when, how, and where with the address."""
    kind = f"{offer.channel.lower()} appointment" if offer.channel else "appointment"
    where = _where(offer, receiver)
    return f"Your {kind} with {receiver} is booked for {_when(offer, settings)}{where}. To cancel, contact {booker}."


def cancellation_text(start: datetime, receiver: str) -> str:
    """The appointment is gone."""
    return f"Your appointment with {receiver} on {spoken(start)} is cancelled."


def _when(offer: Offer, settings: Settings) -> str:
    """A moment; for a telephone call, where the pilot wants it, the half of the day in which it comes."""
    if not (settings.telephone_windows and offer.channel == "Telephone"):
        return spoken(offer.start)
    morning = local_time(offer.start) < AFTERNOON
    return f"{spoken_day(offer.start)} between {'8:30am and 1pm' if morning else '2pm and 6pm'}"


def _where(offer: Offer, receiver: str) -> str:
    """Nobody goes to a telephone call: its site has its name said and no address."""
    place = "" if offer.site == receiver else offer.site
    address = "" if offer.channel == "Telephone" else offer.location_address
    parts = [part for part in (place, address) if part]
    return f", at {', '.join(parts)}" if parts else ""
