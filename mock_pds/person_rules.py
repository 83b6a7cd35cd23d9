"""Rules on who a person is: names, gender, birth, death, practice and language."""

from collections.abc import Callable, Iterator

from mock_pds.change import Change, day_of
from mock_pds.extensions import COMMUNICATION, DEATH_DISPLAYS, DEATH_NOTIFICATION
from mock_pds.reading_extensions import by_url, coded, parts
from mock_pds.refusals import Refused
from mock_pds.shape import NameShape, PatientShape

PRIMARY_CARE = "primary-care-system"
FORMAL_DEATHS = "formal-death-source"
"""Attributes of an application's registration that open what others may not change."""

FORMAL = "2"
UTC_OFFSET = "+00:00"
ENGLISH = "en"
ONCE_ONLY_NAMES = ("usual", "nickname")
NAME_CHARACTERS = frozenset(
    map(
        chr,
        (
            *(32, 39, 45, 46),
            *range(48, 58),
            *range(65, 91),
            *range(97, 123),
            *range(192, 215),
            *range(216, 247),
            *range(248, 384),
        ),
    )
)
"""Blank, apostrophe, hyphen, full stop, digits and Latin letters up to U+017F."""


def names_by_use(change: Change) -> None:
    """One usual name always, one nickname at most, and a name's use never changes."""
    uses: list[str] = [name.use for name in change.after.name]
    for use in ONCE_ONLY_NAMES:
        if uses.count(use) > 1:
            raise Refused("name_twice", use=use)
    if "usual" not in uses and any(name.use == "usual" for name in change.before.name):
        raise Refused("usual_name_removed")
    used = {name.id: name.use for name in change.before.name}
    if any(used.get(name.id, name.use) != name.use for name in change.after.name):
        raise Refused("name_use_changed")


def _texts(name: NameShape) -> Iterator[tuple[str, str]]:
    for field in ("given", "prefix", "suffix"):
        for text in getattr(name, field):
            yield field, text
    yield "family", name.family or ""


def names_are_spelt(change: Change) -> None:
    """A family name, from the accepted characters; a suffix begins with a capital."""
    for name in change.touched("name"):
        if not name.family:
            raise Refused("member_missing", field="name/family")
        for field, text in _texts(name):
            if not NAME_CHARACTERS.issuperset(text):
                raise Refused("characters_unsupported", field=f"name/{field}")
        if any(not "A" <= suffix[:1] <= "Z" for suffix in name.suffix):
            raise Refused("suffix_invalid")


def gender_is_settable(change: Change) -> None:
    """It can change, but neither go nor become other."""
    if change.removed("gender"):
        raise Refused("member_removed", field="gender")
    if change.changed("gender") and change.after.gender == "other":
        raise Refused("value_unsupported", value="other", field="gender")


def birth_is_possible(change: Change) -> None:
    """A whole date, not to come, and not after death."""
    if change.removed("birthDate"):
        raise Refused("member_removed", field="birthDate")
    if not change.changed("birthDate") and not change.changed("deceasedDateTime"):
        return
    born, died = day_of(change.after.birthDate), day_of(change.after.deceasedDateTime)
    if change.changed("birthDate") and born is None:
        raise Refused("field_invalid", value=change.after.birthDate, field="birthDate")
    if born is not None and born > change.today:
        raise Refused("birth_in_future")
    if born is not None and died is not None and born > died:
        raise Refused("birth_after_death")


def _notice(patient: PatientShape) -> str | None:
    notice = coded(parts(by_url(patient.extension), DEATH_NOTIFICATION), "deathNotificationStatus")
    return notice[0] if notice else None


def death_is_notified(change: Change) -> None:
    """A date of death comes with a notice of its own; a formal one is final, and not everybody's to give."""
    noticed = change.extension_changed(DEATH_NOTIFICATION)
    if not noticed and not change.changed("deceasedDateTime"):
        return
    if _notice(change.before) == FORMAL:
        raise Refused("death_is_final")
    notice = _notice(change.after)
    if notice is not None and notice not in DEATH_DISPLAYS:
        raise Refused("field_invalid", value=notice, field="deathNotificationStatus")
    if notice == FORMAL and FORMAL_DEATHS not in change.attributes:
        raise Refused("death_not_formal_here")
    if change.changed("deceasedDateTime") and not noticed:
        raise Refused("death_without_notice")
    died = change.after.deceasedDateTime
    if died and change.changed("deceasedDateTime") and day_of(died) is None:
        raise Refused("field_invalid", value=died, field="deceasedDateTime")
    if died and "T" in died and not died.endswith(UTC_OFFSET):
        raise Refused("death_offset", value=died)


def practice_is_primary_cares(change: Change) -> None:
    """Only primary care systems set the practice, and never when it ends."""
    if not change.changed("generalPractitioner"):
        return
    if PRIMARY_CARE not in change.attributes:
        raise Refused("source_not_permitted", field="generalPractitioner")
    if any(each.identifier.period and each.identifier.period.end for each in change.after.generalPractitioner):
        raise Refused("practice_ends")


def language_is_not_english(change: Change) -> None:
    """English is what goes without saying."""
    language = coded(parts(by_url(change.after.extension), COMMUNICATION), "language")
    if change.extension_changed(COMMUNICATION) and language and language[0] == ENGLISH:
        raise Refused("value_unsupported", value=ENGLISH, field="language")


PERSON_RULES: tuple[Callable[[Change], None], ...] = (
    names_by_use,
    names_are_spelt,
    gender_is_settable,
    birth_is_possible,
    death_is_notified,
    practice_is_primary_cares,
    language_is_not_english,
)
