from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mock_pds.extensions import COMMUNICATION, DEATH_NOTIFICATION, PHARMACY
from mock_pds.people import Address, Name, Person
from mock_pds.resources import patient
from mock_pds.token_service import Client
from tests.mock_pds.world import ALICE, PATIENT, World, coding, diagnostics

Build = Callable[..., World]
ALICES = "9991234500"
NAME, HOME = "1D88B3E2", "A09F4E11"


def op(verb: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path} | ({"value": value[0]} if value else {})


def of_name(*patches: dict[str, Any]) -> list[dict[str, Any]]:
    return [op("replace", "/name/0/id", NAME), *patches]


def of_home(*patches: dict[str, Any]) -> list[dict[str, Any]]:
    return [op("replace", "/address/0/id", HOME), *patches]


def add_name(**members: Any) -> list[dict[str, Any]]:
    return [op("add", "/name/-", members)]


def add_address(**members: Any) -> list[dict[str, Any]]:
    return [op("add", "/address/-", {"line": ["1 Fell View", "", "", "Ambleford"], "postalCode": "LS1 6AE"} | members)]


def add_telecom(**members: Any) -> list[dict[str, Any]]:
    return [op("add", "/telecom/-", {"system": "phone", "use": "home", "value": "01632 960587"} | members)]


def notice(code: str) -> dict[str, Any]:
    """A death notification, as it stands in a record."""
    extension = patient(Person(ALICES, death_notice="1"))["extension"][0]
    extension["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] = code
    return dict(extension)


def dies(code: str = "1", when: str = "2026-03-01T00:00:00+00:00") -> list[dict[str, Any]]:
    return [op("add", "/deceasedDateTime", when), op("add", "/extension/-", notice(code))]


def language(code: str) -> dict[str, Any]:
    concept = {"coding": [{"system": "x", "code": code, "display": "A language"}]}
    parts = [{"url": "language", "valueCodeableConcept": concept}]
    return {"url": COMMUNICATION, "extension": parts}


PERIOD = {"start": "2026-03-01", "end": "2026-05-01"}
FORBIDDEN, INVALID = "FORBIDDEN_UPDATE", "INVALID_UPDATE"
REFUSED = [
    (add_name(use="usual", family="Jones"), FORBIDDEN, "multiple usual names cannot be added"),
    (add_name(use="nickname", family="A") + add_name(use="nickname", family="B"), FORBIDDEN, "multiple nickname names"),
    ([op("test", "/name/0/id", NAME), op("remove", "/name/0")], FORBIDDEN, "not permitted to remove usual name"),
    (of_name(op("replace", "/name/0/use", "old")), FORBIDDEN, "not permitted to remove usual name"),
    (of_name(op("remove", "/name/0/family")), "MISSING_VALUE", "Missing value - 'name/family'"),
    (of_name(op("add", "/name/0/suffix", ["obe"])), INVALID, "a suffix must start with a capital letter"),
    (of_name(op("replace", "/name/0/family", "Smith×")), "UNSUPPORTED_CHARACTERS_IN_FIELD", "'name/family'"),
    (of_name(op("replace", "/name/0/given/0", "Al’ice")), "UNSUPPORTED_CHARACTERS_IN_FIELD", "'name/given'"),
    (of_name(op("replace", "/name/0/given/0", "Ț")), "UNSUPPORTED_CHARACTERS_IN_FIELD", "'name/given'"),
    (of_name(op("replace", "/name/0/family", "x" * 36)), "VALIDATION_ERROR", "'name/0/family'"),
    (of_name(op("replace", "/name/0/given", "Alice")), "VALIDATION_ERROR", "'name/0/given'"),
    (of_name(op("add", "/name/0/use", "official")), "INVALID_VALUE", "'official' in field 'name/0/use'"),
    ([op("remove", "/gender")], FORBIDDEN, "source not permitted to remove 'gender'"),
    ([op("replace", "/gender", None)], FORBIDDEN, "source not permitted to remove 'gender'"),
    ([op("replace", "/gender", "m")], "INVALID_VALUE", "Invalid value - 'm' in field 'gender'"),
    ([op("remove", "/birthDate")], FORBIDDEN, "source not permitted to remove 'birthDate'"),
    ([op("replace", "/birthDate", "2026-03-28")], INVALID, "birthDate is in the future"),
    ([op("replace", "/birthDate", "1984")], "INVALID_VALUE", "'1984' in field 'birthDate'"),
    ([op("replace", "/birthDate", "1984-02-31")], "INVALID_VALUE", "'1984-02-31' in field 'birthDate'"),
    ([op("replace", "/birthDate", 1984)], "VALIDATION_ERROR", "'birthDate'"),
    ([op("add", "/deceasedDateTime", "2026-03-01")], INVALID, "deceasedDateTime needs a death notification"),
    (dies(when="2026-03-01T00:00:00+01:00"), INVALID, "must have the offset +00:00"),
    (dies(when="1984-01-01"), INVALID, "birthDate is after deceasedDateTime"),
    (dies(when="2026-02-31"), "INVALID_VALUE", "'2026-02-31' in field 'deceasedDateTime'"),
    (dies(when="2026-03-01T25:00:00+00:00"), "INVALID_VALUE", "in field 'deceasedDateTime'"),
    (dies(when="2026-03"), "INVALID_VALUE", "'2026-03' in field 'deceasedDateTime'"),
    (dies("2"), FORBIDDEN, "source not permitted to set formal death"),
    (dies("9"), "INVALID_VALUE", "'9' in field 'deathNotificationStatus'"),
    ([op("replace", "/multipleBirthInteger", 10)], INVALID, "can't replace non-existent object"),
    ([op("add", "/multipleBirthInteger", 10)], "VALIDATION_ERROR", "'multipleBirthInteger'"),
    ([op("add", "/multipleBirthInteger", True)], "VALIDATION_ERROR", "'multipleBirthInteger'"),
    (add_address(use="home"), "TOO_MANY_VALUES_SUBMITTED", "'address'"),
    (add_address(use="work"), "UNSUPPORTED_VALUE", "'work' in field 'address/use'"),
    (add_address(use="temp", text="Second Home"), INVALID, "a temp address needs a start and an end at most 90 days"),
    (add_address(use="temp", period=PERIOD), "MISSING_VALUE", "'address/text'"),
    (add_address(use="temp", text="x", period=PERIOD | {"end": "2026-06-01"}), INVALID, "at most 90 days"),
    (add_address(use="billing", period=PERIOD | {"end": "2027-06-01"}), INVALID, "at most 366 days"),
    (add_address(use="billing", period=PERIOD | {"end": "2026-01-01"}), INVALID, "at most 366 days"),
    (of_home(op("replace", "/address/0/postalCode", "LS1 6AE")), INVALID, "an address needs a house or street"),
    (of_home(op("replace", "/address/0/line", list("123456"))), "TOO_MANY_VALUES_SUBMITTED", "'address/0/line'"),
    (add_telecom() + add_telecom(), "TOO_MANY_VALUES_SUBMITTED", "'telecom'"),
    (add_telecom(system="email", value="a@b.c"), INVALID, "an email address must be well-formed"),
    (add_telecom(system="email", value="not an address"), INVALID, "an email address must be well-formed"),
    (add_telecom(period={"start": "2026-03-28"}), INVALID, "a telecom must not start in the future"),
    (add_telecom(period={"start": "2026-99-99"}), "INVALID_VALUE", "'telecom/1/period/start'"),
    (add_telecom(system="pigeon"), "INVALID_VALUE", "'pigeon' in field 'telecom/1/system'"),
    ([op("add", "/telecom/-", {"system": "phone"})], "MISSING_VALUE", "'telecom/1/value'"),
    ([op("add", "/extension/-", language("en"))], "UNSUPPORTED_VALUE", "'en' in field 'language'"),
    ([op("add", "/extension/-", {"url": "https://example.org/x", "valueString": "x"})], "VALIDATION_ERROR", "extension"),
    ([op("add", "/extension/-", {"url": PHARMACY, "valueString": "x"})], "VALIDATION_ERROR", "'extension'"),
    (of_home(op("add", "/address/0/extension", [{"url": "https://example.org/x"}])), "VALIDATION_ERROR", "'extension'"),
    (add_telecom(use="work", extension=[{"url": "https://example.org/x"}]), "VALIDATION_ERROR", "'extension'"),
]  # fmt: skip


@pytest.mark.parametrize(("patches", "code", "text"), REFUSED, ids=str)
async def test_a_rule_that_is_broken_is_told(world: World, patches: list[Any], code: str, text: str) -> None:
    answer = await world.patch(ALICES, *patches)

    assert coding(answer)["code"] == code
    assert text in str(diagnostics(answer))
    assert world.people.get(ALICES) == ALICE


@pytest.mark.parametrize(
    "patches",
    [
        add_name(use="nickname", family="O'Rourke-Élan", given=["Ali"], prefix=["Dr."]),
        of_name(op("add", "/name/0/suffix", ["OBE"])),
        [op("replace", "/birthDate", "1985-01-01")],
        [op("replace", "/gender", "unknown")],
        dies(),
        dies(when="2026-03-01"),
        add_address(use="temp", text="Second Home", period=PERIOD),
        add_address(use="billing", period=PERIOD),
        of_home(op("replace", "/address/0/postalCode", "ZZ99 3VZ")),
        add_telecom(system="email", value="alice@example.org"),
        [op("add", "/extension/-", language("q4"))],
        [op("add", "/extension/-", patient(replace(ALICE, death_notice="U"))["extension"][0])],
    ],
    ids=str,
)
async def test_what_the_rules_allow_is_done(world: World, patches: list[Any]) -> None:
    answer = await world.patch(ALICES, *patches)

    assert answer.status_code == 200
    assert answer.json()["meta"]["versionId"] == "8"


async def test_a_formal_death_is_final(build: Build) -> None:
    world = build(replace(ALICE, deceased="2025-02-11", death_notice="2"))

    answer = await world.patch(ALICES, op("replace", "/deceasedDateTime", "2025-02-12"))

    assert diagnostics(answer) == "Forbidden update with error - not permitted to change a formal death"
    assert answer.json()["issue"][0]["severity"] == "information"


PRACTICE = op(
    "add",
    "/generalPractitioner/-",
    {"type": "Organization", "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Z91002"}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("attribute", "patches"),
    [("primary-care-system", [PRACTICE]), ("formal-death-source", dies("2"))],
    ids=["practice", "formal death"],
)
async def test_some_things_are_for_applications_registered_for_them(
    build: Build, attribute: str, patches: list[Any]
) -> None:
    registered = Client("app-3", "Registered", attributes=frozenset({attribute}))
    world = build(replace(ALICE, practice=None), clients=(registered,))

    refused = await world.patch(ALICES, *patches)
    done = await world.patch(ALICES, *patches, token=world.user_token(client=registered))

    assert coding(refused)["code"] == "FORBIDDEN_UPDATE"
    assert done.status_code == 200


async def test_a_practice_never_has_an_end(build: Build) -> None:
    registered = Client("app-3", "Registered", attributes=frozenset({"primary-care-system"}))
    world = build(ALICE, clients=(registered,))
    shown = (await world.pds(f"/Patient/{ALICES}")).json()["generalPractitioner"][0]
    ended = shown | {"identifier": shown["identifier"] | {"period": {"end": "2026-04-01"}}}

    answer = await world.patch(
        ALICES, op("replace", "/generalPractitioner/0", ended), token=world.user_token(client=registered)
    )

    assert diagnostics(answer) == "Invalid update with error - generalPractitioner must not have an end"


@pytest.mark.parametrize(
    ("patches", "refused"),
    [
        (of_home(op("replace", "/address/0/line/0", "1 Fell View")), False),
        (add_telecom(system="email", value="alice@example.org"), False),
        ([op("add", "/extension/-", language("q4"))], False),
        (add_telecom(use="work"), True),
        (of_name(op("replace", "/name/0/family", "Jones")), True),
        ([op("replace", "/gender", "male")], True),
        ([op("replace", "/birthDate", "1985-01-01")], True),
        ([op("add", "/extension/-", notice("U"))], True),
    ],
    ids=str,
)
async def test_a_patient_changes_where_and_how_to_reach_them_and_not_who_they_are(
    world: World, patches: list[Any], refused: bool
) -> None:
    answer = await world.patch(ALICES, *patches, token=world.user_token(PATIENT))

    assert (answer.status_code == 403) is refused


async def test_a_legacy_address_may_stay_while_something_else_changes(build: Build) -> None:
    legacy = (*ALICE.addresses, Address(("The Works",), "LS1 6AE", "work"), Address(("1 Away",), use="temp"))
    world = build(replace(ALICE, addresses=legacy))

    assert (await world.patch(ALICES, op("replace", "/gender", "male"))).status_code == 200


async def test_a_name_keeps_its_use(build: Build) -> None:
    world = build(replace(ALICE, names=(*ALICE.names, Name("Smith", ("Ali",), "nickname", id="7C21A0F4"))))

    answer = await world.patch(ALICES, op("test", "/name/1/id", "7C21A0F4"), op("replace", "/name/1/use", "old"))

    assert diagnostics(answer) == "Forbidden update with error - not permitted to change use of a name"


def test_death_notices_are_read_by_their_url() -> None:
    assert notice("1")["url"] == DEATH_NOTIFICATION
