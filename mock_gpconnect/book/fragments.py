"""A slot as the wire shows it, made once and joined ever after."""

from typing import Any

import orjson

from booking_core.spec.identifiers import Extension, Profile
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Slot


def is_complete(slot: Slot) -> bool:
    """Whether the slot has what a valid Slot resource cannot do without."""
    return bool(slot.slot_type)


def slot_resource(slot: Slot) -> dict[str, Any]:
    """The Slot resource of a free slot."""
    return {
        "resourceType": "Slot",
        "id": slot.id,
        "meta": {"versionId": str(slot.version), "profile": [Profile.SLOT]},
        "extension": [{"url": Extension.DELIVERY_CHANNEL, "valueCode": slot.access.channel}],
        "serviceType": [{"text": slot.slot_type}],
        "schedule": {"reference": f"Schedule/{slot.schedule_id}"},
        "status": "free",
        "start": wire_time(slot.starts),
        "end": wire_time(slot.ends),
    }


def entry(resource: dict[str, Any]) -> bytes:
    """One entry of a Bundle, ready to be joined with others by commas.

    Copied, because what orjson returns keeps a buffer of eight kilobytes however short it is.
    """
    return bytes(memoryview(orjson.dumps({"resource": resource})))


def slot_fragment(slot: Slot) -> bytes:
    """The Bundle entry of a free slot."""
    return entry(slot_resource(slot))
