"""People are hidden however a URL, a form or a JSON text has written them."""

import time

import pytest

from harness.masking import HIDDEN, Mask, mask_for
from harness.rows import PatientRow
from harness.worlds import CATALOGUE, load_world

ROWS, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")


@pytest.fixture
def mask() -> Mask:
    return mask_for(ROWS.patients)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Nadia Begum", "*** ***"),
        ("Mrs BEGUM's", "Mrs ***"),
        ("Begum-Smith", "***"),
        ('{"family": "Begum"}', '{"family": "***"}'),
        ("?family=Begum&given=Nadia", "?family=***&given=***"),
        ("name=Nadia+Begum", "name=***"),
        ("name=Jane%20Begum", "name=***"),
        ("O'Rourke", "***"),
        ("O%27Rourke", "***"),
        ("O&#39;Rourke", "O&#39;***"),
        ("Siobh\\u00e1n", "***"),
        ("Siobh%C3%A1n", "***"),
        ("one\\nBegum", "one\\n***"),
        ("9990010013", "***"),
        ("999 001 0013", "***"),
        ("999-001-0013", "***"),
        ("nhs-number%7C9990010013&x", "nhs-number%7C***&x"),
        ("at%209990010013", "at%20***"),
        ("999%20001%200013", "***"),
        ("07700 900321", "***"),
        ("+447700900321", "***"),
        ("%2B447700900321", "***"),
    ],
)
def test_a_person_is_hidden(mask: Mask, text: str, hidden: str) -> None:
    assert mask(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "Slot/3a1f9990-0100-13aa-9ba4-1f0cbe1c2c3d is no longer free",
        "ASID 200022588794 at 2026-03-27T08:55:00+00:00",
        "https%3A%2F%2Ffhir.nhs.uk%2FId%2Fods-organization-code%7CT90101",
        "patient=alice to=riverside",
        "12999001001345",
        "01632 960101",
        "Millbrook Surgery, 1 Harbour Street",
    ],
)
def test_everything_else_stays_as_it_is(mask: Mask, text: str) -> None:
    assert mask(text) == text


def test_thousands_of_people_cost_no_more_than_a_few() -> None:
    row = ROWS.patients[0]
    letters = "abcdefghijklmnopqrst"
    people = [row.model_copy(update={"family": f"X{a}{b}{c}"}) for a in letters for b in letters for c in letters]
    mask = mask_for(people)
    began = time.perf_counter()
    assert mask("Xabc met Xyz " * 2000) == f"{HIDDEN} met Xyz " * 2000
    assert time.perf_counter() - began < 2


def test_a_single_letter_names_nobody() -> None:
    row: PatientRow = ROWS.patients[0].model_copy(update={"given": ("J",)})
    assert mask_for([row])("J 1") == "J 1"
