"""What PDS demands of an update: a shape, then one rule after the other."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from mock_pds.change import Change
from mock_pds.contact_rules import CONTACT_RULES
from mock_pds.extensions import BIRTH_PLACE, COMMUNICATION, PHARMACY
from mock_pds.person_rules import PERSON_RULES
from mock_pds.reading_extensions import by_url
from mock_pds.refusals import Refused
from mock_pds.shape import LISTS, SCALARS, PatientShape, TelecomShape

_FAULTS: Mapping[str, str] = {
    "too_long": "too_many_values",
    "too_short": "too_few_values",
    "missing": "member_missing",
    "literal_error": "field_invalid",
    "string_pattern_mismatch": "field_invalid",
    "value_error": "field_invalid",
}
"""What the shape finds -> situation; anything else is a general fault."""

PATIENTS_OWN = frozenset({"address", "contact"})
PATIENTS_OWN_EXTENSIONS = frozenset({PHARMACY, COMMUNICATION, BIRTH_PLACE})


def shaped(resource: Mapping[str, Any]) -> PatientShape:
    """The part of a Patient that updates touch, if it has the shape of one."""
    part = {name: resource[name] for name in (*LISTS, *SCALARS) if name in resource}
    try:
        return PatientShape.model_validate(part)
    except ValidationError as wrong:
        fault = wrong.errors(include_url=False, include_context=False)[0]
        field = "/".join(str(step) for step in fault["loc"])
        value = fault["input"] if isinstance(fault["input"], str | int | float) else ""
        raise Refused(_FAULTS.get(fault["type"], "update_invalid"), field=field, value=value) from wrong


def _is_mobile_or_email(telecom: TelecomShape) -> bool:
    return telecom.system == "email" or telecom.use == "mobile"


def patients_change_their_own(change: Change) -> None:
    """A patient may set a few things, and nothing of what makes them who they are."""
    if not change.mode.own_record_only:
        return
    changed = [name for name in (*LISTS, *SCALARS) if change.changed(name) and name not in PATIENTS_OWN]
    for name in changed:
        if name not in ("extension", "telecom"):
            raise Refused("source_not_permitted", field=name)
    both = (*change.before.telecom, *change.after.telecom)
    if not all(_is_mobile_or_email(each) for each in both if both.count(each) == 1):
        raise Refused("source_not_permitted", field="telecom")
    for url in {**by_url(change.before.extension), **by_url(change.after.extension)}:
        if url not in PATIENTS_OWN_EXTENSIONS and change.extension_changed(url):
            raise Refused("source_not_permitted", field="extension")


UPDATE_RULES: tuple[Callable[[Change], None], ...] = (
    patients_change_their_own,
    *PERSON_RULES,
    *CONTACT_RULES,
)


def enforce(change: Change) -> None:
    """Refuses for the first rule that an update breaks."""
    for rule in UPDATE_RULES:
        rule(change)
