"""Which record answers for a number."""

from nhs_number.validate import calculate_checksum

from mock_pds.people import People, Person
from mock_pds.refusals import Refused


def is_nhs_number(text: str) -> bool:
    """Ten digits without spaces whose last one checks the others."""
    return len(text) == 10 and text.isascii() and text.isdigit() and calculate_checksum(text[:9]) == int(text[9])


def answering(people: People, number: str) -> Person:
    """The record that answers for a number, or why none does."""
    if not is_nhs_number(number):
        raise Refused("resource_id_invalid")
    person = people.surviving(number)
    if person is None:
        raise Refused("patient_unknown")
    if person.invalidated:
        raise Refused("patient_invalidated")
    return person
