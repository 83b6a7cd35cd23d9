"""The tables that carry the wire are complete, and each has its partner in the others."""

import pytest

from booking_core import reactions
from booking_core.reactions import OUTCOMES, reaction_to
from booking_core.selfbook.pilot import PREFLIGHT
from booking_core.selfbook.preflight import CHECKS
from booking_core.selfbook.user_errors import BY_ID as USER_ERRORS
from booking_core.spec.budgets import BUDGETS
from booking_core.spec.errors import BY_KEY, ERRORS, LAYERS, ErrorRow
from booking_core.spec.interactions import BY_ID, BY_NAME, INTERACTIONS, PREFIX, Interaction, Kind, Service
from mock_gpconnect.refusals import REFUSALS as GP_CONNECT_REFUSALS
from mock_pds.refusals import REFUSALS as PDS_REFUSALS

GP_CONNECT = [row for row in INTERACTIONS if row.service is Service.GP_CONNECT]
COMMANDS = [row for row in INTERACTIONS if row.kind is Kind.COMMAND]


def key(row: ErrorRow) -> str:
    return f"{row.layer}-{row.code}"


def test_gp_connect_has_fifteen_interactions() -> None:
    assert len(GP_CONNECT) == len(BY_ID) == 15


def test_an_interaction_is_known_by_one_name_and_one_id() -> None:
    assert len(BY_NAME) == len(INTERACTIONS)
    assert all(row.id.startswith(PREFIX) and row.id.endswith("-1") for row in GP_CONNECT)


@pytest.mark.parametrize("row", GP_CONNECT, ids=lambda row: row.name)
def test_what_changes_something_is_a_command_and_asks_for_a_write_scope(row: Interaction) -> None:
    assert (row.method != "GET") == (row.kind is Kind.COMMAND) == row.scope.endswith(".write")


def test_only_amend_and_cancel_share_method_and_path() -> None:
    shapes = [(row.method, row.path) for row in GP_CONNECT]
    assert {shape for shape in shapes if shapes.count(shape) > 1} == {("PUT", "/Appointment/{id}")}


def test_every_kind_has_its_time_budget() -> None:
    assert set(BUDGETS) == set(Kind)


def test_an_error_row_has_one_key() -> None:
    assert len(BY_KEY) == len(ERRORS)
    assert {row.layer for row in ERRORS} == set(LAYERS)


@pytest.mark.parametrize("row", ERRORS, ids=key)
def test_an_error_row_says_where_it_comes_from(row: ErrorRow) -> None:
    assert row.source
    assert (row.status is None) == (row.layer == "wire")


@pytest.mark.parametrize("row", ERRORS, ids=key)
@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda row: row.name)
def test_the_core_knows_what_to_do_about_every_error(row: ErrorRow, interaction: Interaction) -> None:
    reaction = reaction_to(row, interaction)
    assert reaction.outcome in OUTCOMES
    assert reaction.user_error in USER_ERRORS


@pytest.mark.parametrize("row", ERRORS, ids=key)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda row: row.name)
def test_a_command_is_never_retried_by_itself(row: ErrorRow, command: Interaction) -> None:
    assert not reaction_to(row, command).may_retry


UNANSWERED = [row for row in ERRORS if row.layer in ("provider", "ssp", "wire")]


@pytest.mark.parametrize(
    "row",
    [row for row in UNANSWERED if row.status in (None, 444, 500, 502, 503, 504)],
    ids=key,
)
def test_a_booking_without_a_clear_answer_is_in_doubt(row: ErrorRow) -> None:
    assert reaction_to(row, BY_NAME["create_appointment"]).outcome == "in_doubt"


@pytest.mark.parametrize("row", ERRORS, ids=key)
def test_no_fault_of_the_wire_is_ever_shown_as_no_appointments(row: ErrorRow) -> None:
    assert reaction_to(row, BY_NAME["search_slots"]).user_error != "E3"


def test_one_code_means_taken_when_booking_and_registered_when_registering() -> None:
    row = BY_KEY["provider", "DUPLICATE_REJECTED"]
    assert reaction_to(row, BY_NAME["create_appointment"]).outcome == "slot_taken"
    assert reaction_to(row, BY_NAME["register_patient"]).user_error == "E4"


def test_reactions_name_rows_that_exist() -> None:
    assert reactions.named_rows() <= set(BY_KEY)


@pytest.mark.parametrize("refusals", [GP_CONNECT_REFUSALS, PDS_REFUSALS], ids=["mock_gpconnect", "mock_pds"])
def test_every_situation_of_a_mock_has_its_error_row(refusals: dict[str, tuple[str, str]]) -> None:
    assert set(refusals.values()) <= set(BY_KEY)


NEVER_SAID = {
    ("provider", "ACCESS DENIED"): "a supplier's spelling: its profile re-points the situation",
    ("provider", "NO_ORGANISATION_CONSENT"): "the guide's other spelling, for consumers that read it",
    ("provider", "NO_ORGANISATIONAL_CONSENT"): "out of reach in Foundations and Appointment Management",
    ("provider", "NO_PATIENT_CONSENT"): "out of reach: dissent is ignored in these capabilities",
    ("provider", "INVALID_IDENTIFIER_VALUE"): "no rule of these capabilities leads to it",
}
"""Rows that no mock says by itself, with the reason."""


@pytest.mark.parametrize("row", [row for row in ERRORS if row.layer != "wire"], ids=key)
def test_every_error_row_is_said_by_a_mock_or_tells_why_not(row: ErrorRow) -> None:
    said = {*GP_CONNECT_REFUSALS.values(), *PDS_REFUSALS.values()}
    assert (row.key in said) != (row.key in NEVER_SAID)


def test_preflight_has_a_check_for_each_word_of_its_order() -> None:
    assert tuple(CHECKS) == PREFLIGHT


DOCUMENTED = {
    "E1": "Add a user role in your clinical system to continue",
    "E2": "Add your full name to book in to this organisation",
    "E3": "No appointments available. Check slots and try again",
    "E4": "Check patient details in your clinical system and try again",
}


def test_the_four_documented_texts_are_shown_to_the_letter() -> None:
    assert {row.id: row.to_sender for row in USER_ERRORS.values() if row.documented} == DOCUMENTED


@pytest.mark.parametrize("row", USER_ERRORS.values(), ids=lambda row: row.id)
def test_what_a_patient_reads_names_the_site_or_the_practice(row: object) -> None:
    text = getattr(row, "to_patient")  # noqa: B009 - rows of a table
    assert "{receiver}" in text or "practice" in text
