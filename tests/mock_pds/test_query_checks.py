from typing import Any

import pytest

from mock_pds.query import read
from mock_pds.refusals import Refused

FAMILY, BORN = ("family", "smith"), ("birthdate", "1984-11-05")
GIVEN, GENDER, POSTCODE = ("given", "alice"), ("gender", "female"), ("address-postalcode", "LS1 6AE")
FUZZY = ("_fuzzy-match", "true")
POSTCODE_TOO = ("address-postcode", "LS1 6AE")


def refusal(*params: tuple[str, str]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as refused:
        read(params)
    return refused.value.why, dict(refused.value.facts)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ([], "search_empty"),
        ([("colour", "red"), ("birthdate", "soon")], "parameter_unknown"),
        ([("birthdate", "20101022"), GENDER], "field_invalid"),
        ([BORN, ("death-date", "soon"), ("gender", "f")], "field_invalid"),
        ([("gender", "f")], "field_invalid"),
        ([GENDER], "member_missing"),
        ([FAMILY], "member_missing"),
        ([FAMILY, POSTCODE, POSTCODE_TOO], "member_missing"),
        ([BORN, POSTCODE, POSTCODE_TOO], "postcode_twice"),
        ([BORN], "search_below_minimum"),
        ([BORN, ("family", "")], "search_below_minimum"),
        ([BORN, ("family", " ")], "search_below_minimum"),
        ([BORN, GIVEN, GENDER, POSTCODE], "search_below_minimum"),
        ([BORN, FAMILY, FUZZY], "fuzzy_below_minimum"),
        ([BORN, FAMILY, GENDER, FUZZY], "fuzzy_below_minimum"),
        ([BORN, FAMILY, ("given", "ali*"), FUZZY], "fuzzy_below_minimum"),
        ([BORN, FAMILY, GIVEN, ("address-postcode", "LS*"), FUZZY], "fuzzy_below_minimum"),
        ([BORN, ("family", "s*")], "wildcard_too_early"),
        ([BORN, ("family", "*smith")], "wildcard_too_early"),
        ([BORN, FAMILY, ("given", "a*")], "wildcard_too_early"),
        ([BORN, FAMILY, ("address-postalcode", "L*")], "wildcard_too_early"),
    ],
)
def test_of_several_faults_the_first_in_order_is_told(params: list[tuple[str, str]], why: str) -> None:
    assert refusal(*params)[0] == why


@pytest.mark.parametrize("operator", ["gt", "lt", "ne", "sa", "eb", "ap", "EQ"])
def test_only_three_operators_compare_dates(operator: str) -> None:
    why, facts = refusal(FAMILY, ("birthdate", f"{operator}1984-11-05"))

    assert why == "field_invalid"
    assert facts == {"field": "birthdate", "value": f"{operator}1984-11-05"}


@pytest.mark.parametrize("value", ["", "1984", "1984-11", "1984-13-01", "1984-02-30", "0000-01-01", "1984-11-05T00:00"])
def test_a_date_is_a_whole_one_and_in_the_calendar(value: str) -> None:
    assert refusal(FAMILY, ("birthdate", value)) == ("field_invalid", {"field": "birthdate", "value": value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("_fuzzy-match", "yes"),
        ("_exact-match", "True"),
        ("_history", ""),
        ("_max-results", "0"),
        ("_max-results", "51"),
        ("_max-results", "-1"),
        ("_max-results", "9" * 5000),
        ("_max-results", "ten"),
        ("gender", "Female"),
        ("given", "x" * 36),
    ],
)
def test_a_value_out_of_its_list_is_named_with_its_field(field: str, value: str) -> None:
    assert refusal(FAMILY, BORN, (field, value)) == ("field_invalid", {"field": field, "value": value})


@pytest.mark.parametrize(
    "name", ["identifier", "name", "_count", "_format", "_id", "family:exact", "managing-organization"]
)
def test_standard_fhir_parameters_are_unknown_here(name: str) -> None:
    assert refusal(FAMILY, BORN, (name, "x")) == ("parameter_unknown", {"names": f"'{name}' was unexpected"})


@pytest.mark.parametrize("count", [2, 3, 4])
def test_all_unknown_names_are_told_at_once_and_once_each(count: int) -> None:
    names = [f"odd{number}" for number in range(count)]
    listed = ", ".join(f"'{name}'" for name in names)

    why, facts = refusal(*((name, "x") for name in names * 2))

    assert (why, facts["names"]) == ("parameter_unknown", f"{listed} were unexpected")


def test_a_parameter_that_cannot_be_repeated_is_refused() -> None:
    assert refusal(FAMILY, BORN, ("family", "jones")) == ("field_invalid", {"field": "family", "value": "jones"})


@pytest.mark.parametrize(
    "params",
    [
        [FUZZY, GIVEN, FAMILY, BORN],
        [FUZZY, FAMILY, BORN, GENDER, POSTCODE],
        [FUZZY, GIVEN, BORN, GENDER, POSTCODE],
        [FUZZY, GIVEN, BORN, GENDER, POSTCODE_TOO],
        [FAMILY, BORN],
        [("family", "Sm*t*"), ("birthdate", "ge1980-01-01"), ("birthdate", "le1990-01-01")],
    ],
)
def test_enough_is_enough(params: list[tuple[str, str]]) -> None:
    assert read(params).most == 50


def test_several_dates_leave_what_all_of_them_allow() -> None:
    query = read([FAMILY, ("birthdate", "ge1980-01-01"), ("birthdate", "le1980-01-31"), ("birthdate", "ge1980-01-10")])

    assert query.born.until - query.born.since == 21
