"""What a registration may and must carry: rows in the order in which the guide's omissions are told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking_core.spec.identifiers import Extension, Id
from booking_core.spec.languages import LANGUAGES
from mock_gpconnect.checks import Check
from mock_gpconnect.provider.identifiers import is_nhs_number

PARAMETER = "registerPatient"

_ALLOWED = frozenset(
    ("resourceType", "id", "meta", "identifier", "name", "birthDate", "gender", "address", "telecom", "extension")
)
_ALLOWED_EXTENSIONS = (Extension.NHS_COMMUNICATION,)
_ADDRESS_USES = ("home", "temp", None)
_PHONE_USES = ("home", "work", "mobile", "temp")
_SYSTEMS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Form:
    """A registration request: the Parameters, and the Patient in it once it is known to be there."""

    parameters: Mapping[str, Any]
    today: date

    @property
    def patient(self) -> Mapping[str, Any]:
        """The patient to register."""
        patient: Mapping[str, Any] = self.parameters["parameter"][0]["resource"]
        return patient

    @property
    def nhs_numbers(self) -> list[str]:
        """Every NHS number given."""
        return [each.get("value", "") for each in self.items("identifier") if each.get("system") == Id.NHS_NUMBER]

    @property
    def official_names(self) -> list[Mapping[str, Any]]:
        """The official names in force."""
        official = [name for name in self.items("name") if name.get("use") == "official"]
        return [name for name in official if not _is_over(name.get("period"), self.today)]

    def items(self, name: str) -> list[Mapping[str, Any]]:
        """The items of a repeating element."""
        items: list[Mapping[str, Any]] = self.patient.get(name, [])
        return items

    def extensions(self, url: str) -> list[Mapping[str, Any]]:
        """The extensions with this URL."""
        return [each for each in self.items("extension") if each.get("url") == url]


def _is_over(period: Mapping[str, Any] | None, today: date) -> bool:
    end = (period or {}).get("end")
    return isinstance(end, str) and end[:10] < today.isoformat()


def _names(form: Form) -> list[object]:
    return [each.get("name") for each in form.parameters.get("parameter", [])]


def _parameter_unknown(form: Form) -> str | None:
    unexpected = [name for name in _names(form) if name != PARAMETER]
    if _names(form) and not unexpected:
        return None
    return f"Parameters.parameter: expected one named {PARAMETER}"


def _parameter_repeated(form: Form) -> str | None:
    return f"Parameters.parameter: {PARAMETER} is allowed once" if len(_names(form)) > 1 else None


def _not_a_patient(form: Form) -> str | None:
    resource = form.parameters["parameter"][0].get("resource") or {}
    return None if resource.get("resourceType") == "Patient" else "Parameters.parameter.resource: expected a Patient"


def _number_missing(form: Form) -> str | None:
    return None if form.nhs_numbers else f"Patient.identifier: one with system {Id.NHS_NUMBER} is required"


def _number_invalid(form: Form) -> str | None:
    return None if all(map(is_nhs_number, form.nhs_numbers)) else "Patient.identifier: not an NHS number"


def _number_repeated(form: Form) -> str | None:
    return "Patient.identifier: more than one NHS number" if len(form.nhs_numbers) > 1 else None


def _identifier_incomplete(form: Form) -> str | None:
    complete = all(each.get("system") and each.get("value") for each in form.items("identifier"))
    return None if complete else "Patient.identifier: system and value are required"


def _telecom_invalid(form: Form) -> str | None:
    for each in form.items("telecom"):
        if each.get("system") not in _SYSTEMS:
            return f"Patient.telecom.system: expected one of {', '.join(_SYSTEMS)}"
        if each["system"] == "phone" and each.get("use") not in _PHONE_USES:
            return f"Patient.telecom.use: expected one of {', '.join(_PHONE_USES)} for a phone"
        if not each.get("value"):
            return "Patient.telecom.value: required"
    return None


def _name_missing(form: Form) -> str | None:
    names = form.official_names
    if not names:
        return "Patient.name: one with use official is required"
    if len(names) > 1:
        return "Patient.name: more than one official name in force"
    lacking = next((part for part in ("family", "given") if not names[0].get(part)), None)
    return f"Patient.name.{lacking}: required in the official name" if lacking else None


def _birth_date_missing(form: Form) -> str | None:
    try:
        date.fromisoformat(form.patient.get("birthDate", ""))
    except ValueError:
        return "Patient.birthDate: required, a full date"
    return None


def _forbidden_element(form: Form) -> str | None:
    forbidden = sorted(set(form.patient) - _ALLOWED)
    return f"Patient.{forbidden[0]}: not allowed in a registration" if forbidden else None


def _forbidden_extension(form: Form) -> str | None:
    unexpected = [each.get("url") for each in form.items("extension") if each.get("url") not in _ALLOWED_EXTENSIONS]
    return f"Patient.extension: {unexpected[0]} is not allowed in a registration" if unexpected else None


def _address_use(form: Form) -> str | None:
    wrong = [each.get("use") for each in form.items("address") if each.get("use") not in _ADDRESS_USES]
    return f"Patient.address.use: expected home or temp, found {wrong[0]}" if wrong else None


def _address_state(form: Form) -> str | None:
    return "Patient.address.state: not allowed" if any("state" in each for each in form.items("address")) else None


def _address_repeated(form: Form) -> str | None:
    twice = _repeated(each.get("use", "home") for each in form.items("address"))
    return f"Patient.address: more than one with use {twice[0]}" if twice else None


def _telecom_repeated(form: Form) -> str | None:
    kinds = ((each["system"], each.get("use") if each["system"] == "phone" else "") for each in form.items("telecom"))
    twice = _repeated(kinds)
    return f"Patient.telecom: more than one {' '.join(twice[0])}".rstrip() if twice else None


def _language_repeated(form: Form) -> str | None:
    again = len(form.extensions(Extension.NHS_COMMUNICATION)) > 1
    return "Patient.extension: nhsCommunication is allowed once" if again else None


def _language_unknown(form: Form) -> str | None:
    unknown = [each for each in form.extensions(Extension.NHS_COMMUNICATION) if language_of(each) not in LANGUAGES]
    return "Patient.extension nhsCommunication: a language of the list is required" if unknown else None


def language_of(communication: Mapping[str, Any]) -> str:
    """The code of the language in a communication extension, of this version of FHIR or of the national record's."""
    for part in communication.get("extension", ()):
        if part.get("url") == "language":
            codings = part.get("valueCodeableConcept", {}).get("coding") or [{}]
            return str(codings[0].get("code", ""))
    return ""


def _repeated(values: Iterable[Any]) -> list[Any]:
    return [value for value, times in Counter(values).items() if times > 1]


REGISTRATION_CHECKS: tuple[Check[Form], ...] = (
    Check("parameter_unknown", _parameter_unknown),
    Check("not_a_patient", _not_a_patient),
    Check("registration_repeated", _parameter_repeated),
    Check("nhs_number_missing", _number_missing),
    Check("nhs_number_invalid", _number_invalid),
    Check("identifier_invalid", _number_repeated),
    Check("identifier_invalid", _identifier_incomplete),
    Check("telecom_invalid", _telecom_invalid),
    Check("official_name_missing", _name_missing),
    Check("birth_date_missing", _birth_date_missing),
    Check("registration_element", _forbidden_element),
    Check("registration_element", _forbidden_extension),
    Check("address_invalid", _address_use),
    Check("address_invalid", _address_state),
    Check("address_invalid", _address_repeated),
    Check("telecom_invalid", _telecom_repeated),
    Check("language_invalid", _language_repeated),
    Check("language_invalid", _language_unknown),
)
"""Most omissions answer 400 and most additions 422, but not all: see each situation's row."""
