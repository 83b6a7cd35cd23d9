"""What people read stands in two tables, is plain English, and names the receiving site."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from booking_core.selfbook.texts import RECORD, SCREENS, SMS
from booking_core.selfbook.user_errors import BY_ID, USER_ERRORS
from harness.scenario.find import find_scenarios
from harness.scenario.run import Choices, cases_of, run_case
from harness.verdicts import Sight

JARGON = (
    "ASID", "SDS", "PDS", "SSP", "Spine", "GP Connect", "ODS", "FHIR", "HTTP", "JWT", "endpoint", "provider",
    "consumer", "payload", "timeout", "null", "None", "exception", "invalid", "error", "restricted", "sensitive",
    "slot", "ledger", "outcome", "session",
)  # fmt: skip
NAMELESS = {"B2"}
"""What an unknown link shows: nobody can say whose it is."""

STAFF = {row.id: row.to_sender for row in USER_ERRORS}
PATIENT = {row.id: row.to_patient for row in USER_ERRORS}
FOR_PATIENTS = {**{f"screen {name}": text for name, text in SCREENS.items()}, **{f"SMS {name}": text for name, text in SMS.items()}, **PATIENT}  # fmt: skip
EVERYTHING = [*FOR_PATIENTS.values(), *STAFF.values(), *RECORD.values()]


@pytest.mark.parametrize("text", FOR_PATIENTS.values(), ids=FOR_PATIENTS)
def test_what_a_patient_reads_is_plain(text: str) -> None:
    words = re.sub(r"\{\w+\}", "", text)
    assert [word for word in JARGON if re.search(rf"\b{word}s?\b", words)] == []
    assert max(len(sentence.split()) for sentence in re.split(r"[.:?!]", words)) <= 20


@pytest.mark.parametrize("name", FOR_PATIENTS)
def test_what_a_patient_reads_names_the_receiver(name: str) -> None:
    assert ("{receiver}" in FOR_PATIENTS[name]) is (name not in NAMELESS)


@pytest.mark.parametrize("text", EVERYTHING)
def test_a_template_asks_for_facts_that_there_are(text: str) -> None:
    facts = {"receiver", "booker", "link", "until", "kind", "when", "where", "ods"}
    assert {field for _, field, _, _ in Formatter().parse(text) if field} <= facts


@pytest.mark.parametrize("row", USER_ERRORS, ids=lambda row: row.id)
def test_an_error_tells_staff_and_patient_something_and_how_it_goes_on(row: object) -> None:
    assert all(getattr(row, part).strip() for part in ("trigger", "to_sender", "to_patient", "recovery"))


def pattern(*templates: str) -> re.Pattern[str]:
    """Any of these templates, filled in; after a move, one more may follow the confirmation."""
    filled = "|".join(".+".join(map(re.escape, re.split(r"\{\w+\}", one))) for one in templates)
    return re.compile(f"(?:{filled})(?: (?:{filled}))?")


CASES = {
    f"{case.loaded.scenario.id}-{case.supplier or 'own'}": case
    for one in find_scenarios(("journeys", "booking", "errors"))
    for case in cases_of(one, Choices(suppliers=("strict",), show_names=True))
}
AS_READ = {
    "staff": pattern(*SCREENS.values(), *STAFF.values()),
    "record": pattern(*RECORD.values()),
    "SMS": pattern(*SMS.values()),
    "patient": pattern(*SCREENS.values(), *SMS.values(), *PATIENT.values()),
}


def out_of_nowhere(sights: tuple[Sight, ...]) -> Iterator[str]:
    for one in sights:
        kind = one.who if one.who in AS_READ else "SMS" if one.what == "SMS" else "patient"
        if not AS_READ[kind].fullmatch(one.text):
            yield f"{kind}: {one.text}"


@pytest.mark.parametrize("name", CASES)
def test_nobody_reads_anything_that_is_not_in_the_tables(name: str) -> None:
    result = run_case(CASES[name])
    assert result.verdict == "pass"
    assert list(out_of_nowhere(result.sights)) == []


def test_a_sentence_of_nobodys_is_noticed() -> None:
    assert list(out_of_nowhere((Sight("alice", "screen: S3", "Error 503 at SSP"),)))
    assert BY_ID["E4"].to_patient == BY_ID["S2"].to_patient  # a patient cannot tell what of theirs was refused
