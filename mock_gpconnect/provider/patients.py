"""The patients of one practice: registered, temporary, left, never traced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from mock_gpconnect.provider.addresses import Address


@dataclass(frozen=True, slots=True)
class LocalPatient:
    """One record of the practice's own index.

    `verified` says that the NHS number was traced. `elements` are FHIR elements given at
    registration (address, telecom, name, extension), which stand in place of ours.
    """

    nhs_number: str
    family: str
    given: tuple[str, ...]
    gender: str
    birth_date: date
    id: str = ""
    prefix: str = ""
    verified: bool = True
    status: Literal["active", "left", "deceased"] = "active"
    registration: str = "R"
    registered_from: datetime | None = None
    registered_until: datetime | None = None
    sensitive: bool = False
    dissents: bool = False
    address: Address | None = None
    phone: str = ""
    mobile: str = ""
    email: str = ""
    preferred_location_id: str = ""
    practitioner_id: str = ""
    elements: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    def is_active(self, now: datetime) -> bool:
        """Neither left, deceased nor a temporary registration that has run out."""
        lapsed = self.registered_until is not None and self.registered_until <= now
        return self.status == "active" and not lapsed

    def is_exposed(self, now: datetime) -> bool:
        """Whether GP Connect may show this patient at all. Dissent to sharing does not matter here."""
        return self.is_active(now) and self.verified and not self.sensitive


class PatientIndex:
    """The practice's patients by id and by NHS number.

    `on_change` is told the number of every record that is added or changed, for whoever keeps a copy;
    `new_id` makes the ids of records that come without one.
    """

    def __init__(self, patients: Iterable[LocalPatient] = (), *, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        self.on_change: Callable[[str], None] = lambda _number: None
        self._by_id: dict[str, LocalPatient] = {}
        self._by_number: dict[str, list[str]] = {}
        for patient in patients:
            self.add(patient)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[LocalPatient]:
        return iter(tuple(self._by_id.values()))

    def add(self, patient: LocalPatient) -> LocalPatient:
        """Take in a new record, with an id of ours unless it has one."""
        added = patient if patient.id else replace(patient, id=self.new_id())
        self._by_id[added.id] = added
        self._by_number.setdefault(added.nhs_number, []).append(added.id)
        self.on_change(added.nhs_number)
        return added

    def update(self, patient: LocalPatient, **changes: Any) -> LocalPatient:
        """Change a record, which becomes its next version. Its NHS number stays."""
        changed = replace(patient, **changes, version=patient.version + 1)
        self._by_id[patient.id] = changed
        self.on_change(patient.nhs_number)
        return changed

    def put(self, nhs_number: str, records: Iterable[LocalPatient]) -> None:
        """Sets all records of a number, as somebody else's copy has them; nobody is told."""
        for each in self._by_number.pop(nhs_number, ()):
            del self._by_id[each]
        for record in records:
            self._by_id[record.id] = record
            self._by_number.setdefault(nhs_number, []).append(record.id)

    def get(self, patient_id: str) -> LocalPatient | None:
        """One record by its id."""
        return self._by_id.get(patient_id)

    def of_number(self, nhs_number: str) -> tuple[LocalPatient, ...]:
        """Every record that carries the number, oldest first."""
        return tuple(self._by_id[each] for each in self._by_number.get(nhs_number, ()))
