"""What a provider's answers say, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A free slot with all that a patient is shown of it. Absent parts are empty."""

    slot_id: str
    start: datetime
    end: datetime
    slot_type: str
    channel: str
    session_name: str
    role: str
    practitioner_id: str
    practitioner_name: str
    location_id: str
    location_name: str
    location_address: str
    organisation_name: str

    @property
    def site(self) -> str:
        """The name of the place to go to: the location's, or the organisation's where it has none."""
        return self.location_name or self.organisation_name


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as the provider holds it."""

    appointment_id: str
    version: str
    status: str
    start: datetime
    slot_ids: tuple[str, ...]
    booked_by: str
