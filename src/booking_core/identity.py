"""Is it the same person? The rule for verifying against PDS, and the cross-check with a provider."""

from datetime import date

from booking_core.pds import Demographics


def verifies(claimed: Demographics, on_pds: Demographics) -> bool:
    """The guide's rule: the birth date agrees; or two of its parts, three letters and an initial do."""
    parts = _parts_alike(claimed.birth_date, on_pds.birth_date)
    return parts == 3 or (
        parts == 2
        and _fold(claimed.family)[:3] == _fold(on_pds.family)[:3]
        and _fold(_first(claimed))[:1] == _fold(_first(on_pds))[:1] != ""
    )


def differences(ours: Demographics, theirs: Demographics) -> tuple[str, ...]:
    """Which of family name, given name, gender and birth date disagree; case and blanks do not count."""
    compared = {
        "family name": (_fold(ours.family), _fold(theirs.family)),
        "given name": (_fold(_first(ours)), _fold(_first(theirs))),
        "gender": (ours.gender, theirs.gender),
        "birth date": (ours.birth_date, theirs.birth_date),
    }
    return tuple(what for what, (our, their) in compared.items() if our != their)


def _parts_alike(one: date | None, other: date | None) -> int:
    if one is None or other is None:
        return 0
    return sum((one.year == other.year, one.month == other.month, one.day == other.day))


def _first(person: Demographics) -> str:
    return person.given[0] if person.given else ""


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
