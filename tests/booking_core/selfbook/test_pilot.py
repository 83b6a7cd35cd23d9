import pytest

from booking_core.selfbook.pilot import Link, Pilot

ROLES = [
    ((Link("A", "B"),), {"A": "booker", "B": "receiver", "C": "none"}),
    ((Link("A", "B"), Link("B", "A")), {"A": "both", "B": "both"}),
    ((Link("A", "B", active=False),), {"A": "none", "B": "none"}),
    ((Link("A", "B"), Link("B", "A", active=False)), {"A": "booker", "B": "receiver"}),
    ((Link("A", "A"),), {"A": "none"}),
    ((Link("A", "A"), Link("A", "B")), {"A": "booker", "B": "receiver"}),
]


@pytest.mark.parametrize(("links", "roles"), ROLES)
def test_a_role_follows_from_the_active_links_to_others(links: tuple[Link, ...], roles: dict[str, str]) -> None:
    pilot = Pilot({}, links)
    assert {ods: pilot.role(ods) for ods in roles} == roles


@pytest.mark.parametrize(("links", "roles"), ROLES)
def test_who_books_by_its_role_has_a_selector_and_nobody_else(links: tuple[Link, ...], roles: dict[str, str]) -> None:
    pilot = Pilot({}, links)
    assert {ods: bool(pilot.selector(ods)) for ods in roles} == {
        ods: role in ("both", "booker") for ods, role in roles.items()
    }
