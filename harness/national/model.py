"""The country as numbers: read from a file in which each says whether it was published or made up."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.files import BadFile, Document, Problem, did_you_mean, read_toml
from harness.worlds import supplier_problems

ENGLAND = Path(__file__).with_name("england.toml")
DAYS = 14
"""Days ahead that are in the books, and that a search looks at."""

WORKING_DAYS = 10

Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mix(_Part):
    """What becomes of an invitation: shares of those that are sent, and views of the slots after the first."""

    opens: Share
    searches_again: float = Field(ge=0, le=20)
    confirms: Share
    taken: Share


class Model(_Part):
    """A country. `basis` names the numbers that somebody published; all others are assumed."""

    name: str
    networks: int = Field(ge=1, le=5_000)
    practices: int = Field(ge=2, le=10_000)
    mean_list: int = Field(ge=100, le=100_000)
    list_spread: float = Field(ge=0, le=2)
    slots: int = Field(ge=0, le=100_000_000)
    active_share: Share
    known_share: Share
    closed_share: Share
    booked_first: Share
    booked_last: Share
    busy_peak: float = Field(ge=0, le=0.95)
    opens_after_min: float = Field(gt=0, le=600)
    thinks_s: float = Field(gt=0, le=3_600)
    suppliers: dict[str, Share]
    mix: Mix
    basis: dict[str, Literal["published"]]

    @property
    def assumed(self) -> tuple[str, ...]:
        """The numbers that nobody published."""
        return tuple(name for name in type(self).model_fields if name not in (*self.basis, "name", "basis"))

    @property
    def slots_each(self) -> float:
        """Slots of a practice for each patient on its list."""
        return self.slots / (self.practices * self.mean_list)


def read_model(path: Path) -> Model:
    """The model in a file; raises BadFile with every problem."""
    document = read_toml(path)
    model = document.parse(Model)
    if problems := _problems(document, model):
        raise BadFile(problems)
    folder = path.parent
    own = {name: str((folder / name).resolve()) if name.endswith(".toml") else name for name in model.suppliers}
    return model.model_copy(update={"suppliers": {own[name]: share for name, share in model.suppliers.items()}})


def _problems(document: Document, model: Model) -> list[Problem]:
    found = []
    if model.practices < 2 * model.networks:
        message = f"{model.practices} practices are too few for {model.networks} networks"
        found.append(document.problem(("practices",), message, "each has two at least"))
    if model.mix.confirms > model.mix.opens:
        found.append(document.problem(("mix", "confirms"), "more confirm than open", "both are shares of what is sent"))
    if abs(sum(model.suppliers.values()) - 1) > 1e-6:
        message = f"the shares sum to {sum(model.suppliers.values()):g}"
        found.append(document.problem(("suppliers",), message, "they must sum to 1"))
    for name in model.suppliers:
        found += supplier_problems(document, ("suppliers", name), name)
    found += [
        document.problem(("basis", name), f"{name!r} is no number of the model", did_you_mean(name, Model.model_fields))
        for name in model.basis
        if name not in Model.model_fields
    ]
    return found
