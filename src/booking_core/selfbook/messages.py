"""Texts to the patient. Each names the receiving site: that is the pilot's promise."""

from collections.abc import Iterable
from datetime import time
from typing import Protocol

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.invitations import Invitation
from booking_core.selfbook.pilot import Settings
from booking_core.selfbook.texts import SMS
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
        sizes, single, part = [1 + (letter in _GSM7_EXTENDED) for letter in text], 160, 153
    else:
        sizes, single, part = [1 + (letter > "\uffff") for letter in text], 70, 67
    return 1 if sum(sizes) <= single else _packed(sizes, part)


def _packed(sizes: Iterable[int], part: int) -> int:
    """No character is split: one of two units that does not fit goes into the next fragment whole."""
    count, filled = 1, 0
    for size in sizes:
        count, filled = (count, filled + size) if filled + size <= part else (count + 1, size)
    return count


def invitation_text(invitation: Invitation, receiver: str, link: str) -> str:
    """The invitation: who asks, where to, the link and until when."""
    booker, until = invitation.sender.organisation_name, spoken(invitation.expires)
    return SMS["invitation"].format(booker=booker, receiver=receiver, link=link, until=until)


def confirmation_text(offer: Offer, receiver: str, booker: str, settings: Settings) -> str:
    """The confirmation: with whom, when, how, and where with the address."""
    return _with_all_facts("booked", offer, receiver, booker, settings)


def reminder_text(offer: Offer, receiver: str, booker: str, settings: Settings) -> str:
    """The reminder: the same facts as the confirmation, so that nobody has to look for that one."""
    return _with_all_facts("reminder", offer, receiver, booker, settings)


def cancellation_text(when: str, receiver: str) -> str:
    """The appointment is gone: `when` as the patient was told it."""
    return SMS["cancelled"].format(receiver=receiver, when=when)


def _with_all_facts(name: str, offer: Offer, receiver: str, booker: str, settings: Settings) -> str:
    kind = f"{offer.channel.lower()} appointment" if offer.channel else "appointment"
    when, where = when_told(offer, settings), _where(offer, receiver)
    return SMS[name].format(kind=kind, receiver=receiver, when=when, where=where, booker=booker)


def when_told(offer: Offer, settings: Settings) -> str:
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
