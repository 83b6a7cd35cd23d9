"""What a schema expects at the place that a pydantic error names.

pydantic's `loc` mixes keys of the file with words of its own: the tag of a tagged union, the name
of a union's branch, `[key]`. Walking the schema along `loc` tells them apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter

Loc = tuple[str | int, ...]
Schema = Mapping[str, Any]

NOTHING: Schema = {}

WRAPPERS: Mapping[str, Callable[[Schema], Schema]] = {
    **dict.fromkeys(
        ("definitions", "default", "nullable", "model", "dataclass", "model-field", "typed-dict-field",
         "dataclass-field", "function-before", "function-after", "function-wrap"),
        lambda schema: schema["schema"],
    ),
    "lax-or-strict": lambda schema: schema["lax_schema"],
    "json-or-python": lambda schema: schema["json_schema"],
    "chain": lambda schema: schema["steps"][0],
}  # fmt: skip
"""Schemas that add nothing to `loc` -> the one that they are about."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: its keys in the file, what is expected there, and what holds it.

    `unions` are the plain unions passed on the way, each with the branch taken.
    """

    path: Loc
    expected: Schema
    holder: Schema
    unions: tuple[tuple[Loc, str], ...]
    description: str
    example: str = ""


class Shape:
    """The schema of one kind of file."""

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        self.root: Schema = adapter.core_schema
        self.definitions = {each["ref"]: each for each in self.root.get("definitions", ())}

    def spot(self, loc: Sequence[str | int]) -> Spot:
        """Follow a pydantic `loc` down the schema."""
        path: Loc = ()
        unions: tuple[tuple[Loc, str], ...] = ()
        holder, (schema, description), example = NOTHING, self._bare(self.root), ""
        for part in loc:
            if schema.get("type") == "tagged-union":
                child = _tagged(schema, part)
            elif schema.get("type") == "union":
                unions += ((path, str(part)),)
                child = self._branch(schema, str(part))
            elif part == "[key]":
                child = holder.get("keys_schema", NOTHING)
            else:
                path, holder, child = (*path, part), schema, _inside(schema, part)
            example = _example(child)
            schema, description = self._bare(child)
        return Spot(path, schema, holder, unions, description, example)

    def _bare(self, schema: Schema) -> tuple[Schema, str]:
        """The schema without its wrappers, and the description that one of them carries."""
        description = _description(schema)
        while True:
            if schema.get("type") == "definition-ref":
                schema = self.definitions.get(schema["schema_ref"], NOTHING)
            elif wrapper := WRAPPERS.get(schema.get("type", "")):
                schema = wrapper(schema)
            else:
                return schema, description
            description = description or _description(schema)

    def _branch(self, union: Schema, label: str) -> Schema:
        """The branch that pydantic calls `label`: a name given to it, a class, or a type such as `list[int]`."""
        kind = label.removeprefix("constrained-").partition("[")[0]
        for choice in union["choices"]:
            branch, name = cast(tuple[Schema, str], choice if isinstance(choice, tuple) else (choice, ""))
            if label == name or kind in self._names(branch):
                return branch
        return NOTHING

    def _names(self, schema: Schema) -> tuple[str, ...]:
        """A schema's own type, and the type and the class that it is about."""
        inner = self.definitions.get(schema.get("schema_ref", ""), schema)
        return inner["type"], str(self._bare(inner)[0].get("type")), getattr(inner.get("cls"), "__name__", "")


def words_allowed(schema: Schema) -> tuple[str, ...]:
    """The keys of a mapping, the tags of a tagged union, the words of a choice; empty when anything goes."""
    match schema.get("type"):
        case "model-fields" | "typed-dict" | "dataclass-args":
            return tuple(_key(name, field) for name, field in _fields(schema))
        case "tagged-union":
            return tuple(str(tag) for tag in schema["choices"])
        case "literal":
            return tuple(str(getattr(word, "value", word)) for word in schema["expected"])
        case "enum":
            return tuple(str(member.value) for member in schema["members"])
    return ()


def _fields(schema: Schema) -> list[tuple[str, Schema]]:
    """Name and schema of each field; dataclasses have a list of them, models a mapping."""
    fields = schema["fields"]
    return list(fields.items()) if isinstance(fields, Mapping) else [(field["name"], field) for field in fields]


def _inside(schema: Schema, part: str | int) -> Schema:
    """The schema of one key or entry of a mapping or list."""
    match schema.get("type"):
        case "model-fields" | "typed-dict" | "dataclass-args":
            return next((field for name, field in _fields(schema) if _key(name, field) == part), NOTHING)
        case "dict":
            return _schema_or_nothing(schema.get("values_schema"))
        case "tuple":
            return _positional(schema, part)
    return _schema_or_nothing(schema.get("items_schema"))


def _positional(schema: Schema, part: str | int) -> Schema:
    items, endless = schema["items_schema"], schema.get("variadic_item_index")
    index = part if isinstance(part, int) else 0
    if endless is not None:
        index = min(index, endless)
    return _schema_or_nothing(items[index] if index < len(items) else None)


def _schema_or_nothing(schema: Any) -> Schema:
    return schema if isinstance(schema, Mapping) else NOTHING


def _tagged(schema: Schema, tag: str | int) -> Schema:
    choices: Mapping[Any, Schema] = schema["choices"]
    return next((choice for name, choice in choices.items() if str(name) == str(tag)), NOTHING)


def _key(name: str, field: Schema) -> str:
    """The key as the file writes it: a field's alias, the first one if it has several."""
    alias = field.get("validation_alias", name)
    while not isinstance(alias, str):
        alias = alias[0]
    return alias


def _description(schema: Schema) -> str:
    return str(_said_of(schema).get("description", ""))


def _example(schema: Schema) -> str:
    """The first value that a field gives as an example; empty when it gives none."""
    return next((str(value) for value in _said_of(schema).get("examples", ())), "")


def _said_of(schema: Schema) -> Mapping[str, Any]:
    return schema.get("metadata", NOTHING).get("pydantic_js_updates") or NOTHING
