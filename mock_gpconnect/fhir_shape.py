"""What fhir.resources knows of STU3: the order, the types and the required codes of every element.

Used to write XML and to check codes; the library itself reads and validates, but its writer
holds the event loop for a second at a thousand slots, and it lets wrong codes through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

from pydantic import ValidationError

_PRIMITIVE = ""
_JSON_TYPES: Mapping[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), Decimal: (int, float)}
"""How JSON writes what the library holds as these; it writes everything else as a string."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type. `type_name` is empty for a primitive, "Resource" for any resource.

    `codes` is the required list of values, if there is one; `json_types` are those of a primitive.
    """

    type_name: str
    codes: frozenset[str] = frozenset()
    json_types: tuple[type, ...] = (str,)


Shape = Mapping[str, Element]


def model_class(type_name: str) -> Any:
    """The library's class for a resource or data type; KeyError for a name that FHIR does not know."""
    from fhir.resources.STU3 import get_fhir_model_class  # slow to import: only who needs it pays

    return get_fhir_model_class(type_name)


def said_of(type_name: str, error: Exception) -> str:
    """What the library found wrong with a resource: element and rule, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join((type_name, *map(str, first['loc'])))}: {first['msg']}"
    if isinstance(error, KeyError):  # how its XML reader meets what it does not know
        return f"{type_name}: {error.args[0]} is not known to FHIR there"
    return f"{type_name}: not a valid resource: {type(error).__name__} {str(error)[:80]}"


@lru_cache(maxsize=512)
def is_resource(type_name: str) -> bool:
    """Whether FHIR knows a resource of this name."""
    try:
        return "meta" in model_class(type_name).elements_sequence()
    except Exception:  # whatever the library says of a name that it does not know
        return False


@lru_cache(maxsize=512)
def shape_of(type_name: str) -> Shape:
    """The elements of a type, in the order in which FHIR lists them."""
    model = model_class(type_name)
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    return {name: _element(fields[name]) for name in model.elements_sequence() if name in fields}


def _element(field: Any) -> Element:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    required = extra.get("enum_values", ())
    codes = frozenset(str(code) for code in required)
    return Element(_type_name(field.annotation), codes, _json_types(field.annotation))


def _type_name(annotation: Any) -> str:
    for argument in get_args(annotation) or (annotation,):
        if argument is not annotation and (found := _type_name(argument)):
            return found
        if hasattr(argument, "get_model_klass"):
            return str(argument.get_model_klass().get_resource_type())
    return _PRIMITIVE


def _json_types(annotation: Any) -> tuple[type, ...]:
    for held, written in _JSON_TYPES.items():
        if annotation is held or any(_json_types(argument) == written for argument in get_args(annotation)):
            return written
    return (str,)
