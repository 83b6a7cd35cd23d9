"""The faults that pydantic finds in one file, in the order of the file and one for each mistake."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pydantic_core import ErrorDetails

from harness.files.shape import Loc, Shape, Spot
from harness.files.words import Syntax, hint_for, kind_expected, message_for


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding of pydantic's with its place; `nouns` are the kinds of value expected there."""

    error: ErrorDetails
    spot: Spot
    nouns: tuple[str, ...]

    @property
    def path(self) -> Loc:
        """The place in the file: for a wrong tag, the key that holds it."""
        discriminator = self.spot.expected.get("discriminator")
        at_tag = self.error["type"] in ("union_tag_invalid", "union_tag_not_found") and isinstance(discriminator, str)
        return (*self.spot.path, str(discriminator)) if at_tag else self.spot.path

    @property
    def message(self) -> str:
        """What is wrong."""
        return message_for(self.error, self.nouns)

    def hint(self, syntax: Syntax) -> str:
        """How to put it right in a file of this syntax."""
        return hint_for(self.error, self.spot, self.nouns, syntax)


def faults_of(errors: Iterable[ErrorDetails], shape: Shape) -> list[Fault]:
    """A fault for each mistake: of a union's branches only the one that was meant speaks."""
    faults = list(_settled([_fault(error, shape) for error in errors], passed=0))
    return [fault for fault in faults if not _only_counts_bad_entries(fault, faults)]


def _only_counts_bad_entries(fault: Fault, faults: Iterable[Fault]) -> bool:
    """pydantic counts only good entries: a list with a bad one in it is not a list that is too short."""
    size = len(fault.path)
    return fault.error["type"] == "too_short" and any(
        len(other.path) > size and other.path[:size] == fault.path for other in faults
    )


def _fault(error: ErrorDetails, shape: Shape) -> Fault:
    spot = shape.spot(error["loc"])
    noun = kind_expected(error, spot)
    return Fault(error, spot, (noun,) if noun else ())


def _settled(faults: list[Fault], passed: int) -> Iterator[Fault]:
    """The faults outside any union that was not yet `passed`, and those of each union's likeliest branch."""
    unions: dict[Loc, dict[str, list[Fault]]] = {}
    for fault in faults:
        if len(fault.spot.unions) == passed:
            yield fault
        else:
            place, branch = fault.spot.unions[passed]
            unions.setdefault(place, {}).setdefault(branch, []).append(fault)
    for place, branches in unions.items():
        yield from _likeliest(place, list(branches.values()), passed)


def _likeliest(place: Loc, branches: list[list[Fault]], passed: int) -> Iterator[Fault]:
    """The branch that fits the value's kind and has the fewest faults; if none fits, what all of them expected."""
    fitting = [branch for branch in branches if not any(each.nouns and each.path == place for each in branch)]
    if fitting:
        yield from _settled(min(fitting, key=len), passed + 1)
        return
    misfits = [each for branch in branches for each in branch if each.nouns and each.path == place]
    spokesman = next((each for each in misfits if each.error["type"] in ("enum", "literal_error")), misfits[0])
    yield replace(spokesman, nouns=tuple(dict.fromkeys(noun for each in misfits for noun in each.nouns)))
