"""The operations of an update on a Patient as JSON: RFC 6902 with PDS's own rules for the entries of lists.

An entry is known by its `id` (an extension by its `url`), which a batch must name before it changes a part of
the entry, and must test right before it removes the entry. Here is only how a patch is applied; what the result
must be like is `update_rules`' affair.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_pds.extensions import Json
from mock_pds.refusals import Refused
from mock_pds.shape import LISTS, SCALARS

Operation = Mapping[str, Any]

APPEND = "-"
_NAMING = ("replace", "test")
"""Operations that name an entry when they point at its id or url."""


class Patching:
    """One batch at work on one resource, which it changes in place."""

    def __init__(self, resource: Json, new_entry: Callable[[str, Json], Json]) -> None:
        self._resource, self._new_entry = resource, new_entry
        self._named: dict[str, str] = {}
        self._previous: Operation = {}

    def apply(self, patches: Sequence[Operation]) -> None:
        """All operations in order; the first that cannot be done refuses the batch."""
        for number, patch in enumerate(patches):
            if not isinstance(patch, dict):
                raise Refused("patch_not_an_object", where=number)
            if _op(patch) not in _OPERATIONS:
                raise Refused("operation_unknown", value=_op(patch), field=f"{number}/op")
        for patch in patches:
            self._apply(patch)
            self._previous = patch

    def _apply(self, patch: Operation) -> None:
        name, *below = _parts(patch)
        if name not in LISTS and name not in SCALARS:
            raise Refused("patch_resource_unsupported", resource=name)
        if name in SCALARS:
            if below:
                raise Refused("patch_object_missing", verb=_op(patch), object=below[0])
            _OPERATIONS[_op(patch)](self._resource, name, patch)
        elif not below:
            raise Refused("patch_of_whole_list", resource=name)
        elif len(below) == 1:
            self._entry(name, below[0], patch)
        else:
            self._part(name, below[0], below[1:], patch)

    def _entries(self, name: str) -> list[Json]:
        entries: list[Json] = self._resource.setdefault(name, [])
        return entries

    def _entry(self, name: str, index: str, patch: Operation) -> None:
        """An operation on a whole entry of a list."""
        if _op(patch) == "add":
            self._add_entry(name, index, patch)
        elif _op(patch) == "remove":
            self._remove_entry(name, index)
        else:
            place = _place(self._entries(name), index)
            value, key = patch.get("value"), _key(name)
            if not isinstance(value, dict) or value.get(key) != self._entries(name)[place].get(key):
                raise Refused("patch_entry_not_named", root=f"/{name}/{index}")
            _OPERATIONS[_op(patch)](self._entries(name), str(place), patch)

    def _add_entry(self, name: str, index: str, patch: Operation) -> None:
        value = patch.get("value")
        if index != APPEND:
            raise Refused("patch_add_not_at_end", resource=name)
        if not isinstance(value, dict):
            raise Refused("patch_not_an_object", where=patch["path"])
        if name != "extension" and "id" in value:
            raise Refused("patch_add_with_id", resource=name)
        self._entries(name).append(self._new_entry(name, value))

    def _remove_entry(self, name: str, index: str) -> None:
        entries = self._entries(name)
        if index.isdigit() and int(index) >= len(entries):
            raise Refused("patch_object_missing", verb="remove", object=index)
        root = f"/{name}/{index}"
        if self._previous.get("op") != "test" or self._previous.get("path") not in (root, f"{root}/{_key(name)}"):
            instead = f"preceded by '{_op(self._previous)}'" if self._previous else "the first item"
            raise Refused("patch_remove_untested", root=root, instead=instead)
        named = self._named.pop(root, None)
        place = _place(entries, index) if named is None else _named_place(entries, name, named)
        del entries[place]
        if not entries:
            del self._resource[name]

    def _part(self, name: str, index: str, below: Sequence[str], patch: Operation) -> None:
        """An operation on a part of an entry."""
        root, entries = f"/{name}/{index}", self._entries(name)
        if list(below) == [_key(name)] and _op(patch) in _NAMING:
            value = patch.get("value")
            _named_place(entries, name, value)
            self._named[root] = str(value)
            return
        if root not in self._named:
            raise Refused("patch_entry_not_named", root=root)
        container: Any = entries[_named_place(entries, name, self._named[root])]
        for step in below[:-1]:
            container = _step(container, step, _op(patch))
        _OPERATIONS[_op(patch)](container, below[-1], patch)


def _op(patch: Operation) -> str:
    op = patch.get("op")
    return op if isinstance(op, str) else ""


def _parts(patch: Operation) -> list[str]:
    path = patch.get("path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise Refused("patch_path_invalid", path=path if isinstance(path, str) else "")
    return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]


def _key(name: str) -> str:
    return "url" if name == "extension" else "id"


def _place(entries: Sequence[Any], index: str) -> int:
    if not (index.isascii() and index.isdigit() and len(index) < 4 and int(index) < len(entries)):
        raise Refused("patch_index_out_of_bounds", index=index)
    return int(index)


def _named_place(entries: Sequence[Json], name: str, value: object) -> int:
    """Where the entry of an id or url stands, whatever index the path gives."""
    place = next((place for place, entry in enumerate(entries) if entry.get(_key(name)) == value), None)
    if place is None:
        raise Refused("patch_entry_unknown", resource=name, id=value)
    return place


def _step(container: Any, step: str, verb: str) -> Any:
    if isinstance(container, list):
        return container[_place(container, step)]
    if not isinstance(container, dict) or step not in container:
        raise Refused("patch_object_missing", verb=verb, object=step)
    return container[step]


def _add(container: Any, key: str, patch: Operation) -> None:
    value = patch.get("value")
    if isinstance(container, list):
        container.insert(len(container) if key in (APPEND, str(len(container))) else _place(container, key), value)
    elif isinstance(container, dict):
        container[key] = value
    else:
        raise Refused("patch_object_missing", verb="add", object=key)


def _replace(container: Any, key: str, patch: Operation) -> None:
    _step(container, key, "replace")
    container[_place(container, key) if isinstance(container, list) else key] = patch.get("value")


def _remove(container: Any, key: str, _: Operation) -> None:
    _step(container, key, "remove")
    del container[_place(container, key) if isinstance(container, list) else key]


def _test(container: Any, key: str, patch: Operation) -> None:
    if _step(container, key, "test") != patch.get("value"):
        raise Refused("patch_test_failed", path=patch["path"])


_OPERATIONS: Mapping[str, Callable[[Any, str, Operation], None]] = {
    "add": _add,
    "replace": _replace,
    "remove": _remove,
    "test": _test,
}
