import re
from collections.abc import Callable

import pytest
from faker import Faker

from booking_core.spec.job_roles import JOB_ROLES
from harness.population.provider import STAFF_ROLES, Provider

PATTERNS = {
    "practice_code": r"T9\d{4}",
    "cost_centre_code": r"Y9\d{4}",
    "pharmacy_code": r"FZ9\d\d",
    "sds_id": r"555\d{9}",
    "pseudo_postcode": r"ZZ99 9[A-Z]{2}",
    "drama_landline": r"(01632 ?960|(\+44|0044)1632960) ?\d{3}( ext 4\d)?",
    "drama_mobile": r"(07700 ?900|(\+44|0044)7700900|\+44 7700 900) ?\d{3}",
    "foreign_phone": r"(\+1 202 555 01|001212555 ?01|\+33 1 99 00|0033 6 39 98|\+353 20 91\d)[\d ]+",
    "example_mail": r"[a-z.]+\d{1,3}@example\.(com|org)",
    "practice_name": r"[A-Z].+ (Surgery|Centre|Practice)",
    "site_name": r"[A-Z].+ (Surgery|Clinic|Centre|Hub)",
}


@pytest.fixture
def faker() -> Faker:
    made = Faker("en_GB")
    made.seed_instance(7)
    made.add_provider(Provider)
    return made


@pytest.mark.parametrize("name", PATTERNS)
def test_what_it_makes_has_its_form(faker: Faker, name: str) -> None:
    make: Callable[[], str] = getattr(faker, name)
    made = [make() for _ in range(200)]

    assert [text for text in made if not re.fullmatch(PATTERNS[name], text)] == []
    assert len(set(made)) > 1


@pytest.mark.parametrize("name", ["drama_landline", "drama_mobile"])
def test_telephones_are_written_in_several_styles(faker: Faker, name: str) -> None:
    styles = {re.sub(r"\d", "0", getattr(faker, name)()) for _ in range(200)}

    assert len(styles) == 6


def test_staff_have_a_smartcard_and_a_role_of_the_national_list(faker: Faker) -> None:
    member = faker.staff_member()

    assert re.fullmatch(r"\d{12}", member.sds_user_id) and re.fullmatch(r"\d{12}", member.sds_role_profile_id)
    assert member.sds_user_id != member.sds_role_profile_id
    assert member.family and member.given and member.prefix
    assert member.role in JOB_ROLES


def test_a_role_comes_with_its_display(faker: Faker) -> None:
    assert faker.job_role() in [(code, JOB_ROLES[code]) for code in STAFF_ROLES]
