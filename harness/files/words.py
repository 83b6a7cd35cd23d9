"""What pydantic found, in words for the person who wrote the file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Literal, get_args

from pydantic_core import ErrorDetails, ValidationError, core_schema

from harness.files.nearest import did_you_mean, nearest
from harness.files.problems import quoted
from harness.files.scalars import rewritten
from harness.files.shape import Spot, words_allowed

NOUNS: Mapping[str, str] = {
    error: noun
    for noun, errors in {
        "text": ("string_type", "string_unicode", "bytes_type"),
        "a whole number": ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
        "a number": ("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"),
        "true or false": ("bool_type", "bool_parsing"),
        "a date such as 2026-03-27": (
            "date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact",
        ),
        "a time such as 08:30": ("time_type", "time_parsing"),
        "a date and time such as 2026-03-27T08:55:00+00:00": (
            "datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid",
        ),
        "a length of time such as PT15M": ("time_delta_type", "time_delta_parsing"),
        "a UUID": ("uuid_type", "uuid_parsing"),
        "a web address": ("url_type", "url_parsing", "url_syntax_violation"),
        "a list": (
            "list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type", "deque_type", "sequence_str",
        ),
        "keys with values": (
            "dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type", "frozen_dict_type",
        ),
    }.items()
    for error in errors
}  # fmt: skip
"""pydantic's error -> what was expected, where the value is of another kind."""

RULES: Mapping[str, str] = {
    "greater_than": "must be more than {gt}, got {got}",
    "greater_than_equal": "must be {ge} or more, got {got}",
    "less_than": "must be less than {lt}, got {got}",
    "less_than_equal": "must be {le} or less, got {got}",
    "multiple_of": "must be a multiple of {multiple_of}, got {got}",
    "too_short": "too few entries: at least {min_length} needed, got {actual_length}",
    "too_long": "too many entries: at most {max_length} allowed",
    "string_too_short": "too short: at least {min_length} characters needed, got {got}",
    "string_too_long": "too long: at most {max_length} characters allowed, got {got}",
    "string_pattern_mismatch": "does not match the pattern {pattern}, got {got}",
    "string_not_ascii": "only ASCII characters are allowed, got {got}",
    "timezone_aware": "must end with its offset from UTC, such as Z or +01:00, got {got}",
    "timezone_naive": "must have no offset from UTC, got {got}",
    "none_required": "must be left out, got {got}",
    "url_scheme": "must begin with {expected_schemes}, got {got}",
    "invalid_key": "a key must be text",
    "missing": "missing key",
    "extra_forbidden": "unknown key",
    "union_tag_not_found": "missing key",
    "union_tag_invalid": "unknown word {got}",
    "enum": "unknown word {got}",
    "literal_error": "unknown word {got}",
    "value_error": "{error}",
    "assertion_error": "{error}",
}
"""pydantic's error -> our sentence, where the value is of the right kind but breaks a rule."""

ANY_RULE = "this is not accepted here, got {got}"

PYDANTICS_OWN = frozenset(get_args(core_schema.ErrorType))

CHOICES = ("enum", "literal_error", "union_tag_invalid")

THEIR_OWN_WORDS = ("value_error", "assertion_error")
"""Raised by a model's validator, which has said what is wrong."""

WRITTEN = ("date_parsing", "date_from_datetime_parsing", "time_parsing")
"""What people write in a way of their own."""

Syntax = Literal["yaml", "toml"]

HINTS: Mapping[tuple[Syntax, str, type], str] = {
    ("yaml", "a list", str): "a list is written as [a, b] or as lines that begin with '- '",
    ("yaml", "a list", dict): "each entry of a list begins with '- '",
    ("yaml", "keys with values", str): "keys are written as {key: value} or as lines of 'key: value'",
    ("toml", "a list", str): "a list is written as ['a', 'b']",
    ("toml", "a list", dict): "a list of tables is written as [[name]]",
    ("toml", "keys with values", str): "keys are written as lines of key = value after a line [name]",
    **{("toml", "text", kind): "put it between quotes" for kind in (int, float, bool, date, time, datetime)},
}
"""(how the file is written, what was expected, what came) -> how to write what was expected."""

NO_VALUE = ("null", "~", "None", "none")


def kind_expected(error: ErrorDetails, spot: Spot) -> str:
    """The kind of value that belongs here; empty when the kind is right and a rule is broken."""
    if error["type"] in ("enum", "literal_error"):
        words = words_allowed(spot.expected)
        return quoted(words[0]) if len(words) == 1 else "a known word"
    return NOUNS.get(error["type"], "")


def message_for(error: ErrorDetails, nouns: Sequence[str]) -> str:
    """What is wrong; `nouns` are the kinds of value expected, several in a union."""
    kind, value = error["type"], error["input"]
    a_word_is_wrong = kind in CHOICES and len(nouns) <= 1 and _is_text(error)
    if value == "" and kind in PYDANTICS_OWN and kind not in THEIR_OWN_WORDS:
        return "no value given" + (f": expected {' or '.join(nouns)}" if nouns and not a_word_is_wrong else "")
    if nouns and not a_word_is_wrong:
        return f"expected {' or '.join(nouns)}, got {_got(value)}"
    if kind not in PYDANTICS_OWN:
        return error["msg"]
    return RULES.get(kind, ANY_RULE).format_map({**error.get("ctx", {}), "got": _got(_word(error))})


def option_message(wrong: ValidationError) -> str:
    """What is wrong with a value of the command line."""
    error = wrong.errors(include_url=False)[0]
    inner = error.get("ctx", {}).get("error")
    if isinstance(inner, ValidationError):  # an entry of an option that may be given several times
        return option_message(inner)
    return message_for(error, [NOUNS[error["type"]]] if error["type"] in NOUNS else [])


def hint_for(error: ErrorDetails, spot: Spot, nouns: Sequence[str], syntax: Syntax) -> str:
    """How to put it right."""
    if error["type"] == "extra_forbidden":
        return did_you_mean(str(spot.path[-1]), words_allowed(spot.holder))
    if error["type"] == "missing" and spot.example:
        return f"such as '{spot.path[-1]}{': ' if syntax == 'yaml' else ' = '}{spot.example}'"
    if spot.expected.get("type") in ("enum", "literal", "tagged-union") and error["type"] != "model_attributes_type":
        word = _word(error) if _is_text(error) else ""
        if len(nouns) <= 1:
            why = f" ({spot.description})" if len(words_allowed(spot.expected)) == 1 and spot.description else ""
            return did_you_mean(word, words_allowed(spot.expected)) + why
        if near := nearest(word, words_allowed(spot.expected)):
            return f"did you mean '{near}'?"
    value = error["input"]
    if value in NO_VALUE and nouns:
        return "leave the key out where there is no value"
    if error["type"] in WRITTEN and isinstance(value, str) and (how := rewritten(value)):
        return how
    asked = ((syntax, noun, type(value)) for noun in nouns if value != "")
    if how_to_write := [HINTS[question] for question in asked if question in HINTS]:
        return how_to_write[0]
    return f"it means: {spot.description}" if spot.description else ""


def _word(error: ErrorDetails) -> Any:
    """The value that is wrong: of a tagged union the tag only."""
    return error["ctx"]["tag"] if error["type"] == "union_tag_invalid" else error["input"]


def _is_text(error: ErrorDetails) -> bool:
    return isinstance(_word(error), str)


def _got(value: Any) -> str:
    match value:
        case str():
            return quoted(value)
        case Mapping():
            return "keys with values"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case int() if abs(value) > 10**18:
            return "a very large number"
    return str(value)
