"""Postal addresses, as every resource writes them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; what is not known is left out."""

    lines: tuple[str, ...] = ()
    city: str = ""
    district: str = ""
    postcode: str = ""

    def as_fhir(self, use: str = "") -> dict[str, Any]:
        """The FHIR Address."""
        parts = {
            "use": use,
            "line": list(self.lines),
            "city": self.city,
            "district": self.district,
            "postalCode": self.postcode,
        }
        return {name: value for name, value in parts.items() if value}


def phone(number: str, use: str = "work") -> dict[str, str]:
    """The FHIR ContactPoint of a telephone number."""
    return {"system": "phone", "value": number, "use": use}
