"""A Faker provider for what the NHS has and Faker has not. Nothing it makes belongs to anybody."""

from dataclasses import dataclass

from faker.providers import BaseProvider

from booking_core.spec.job_roles import JOB_ROLES

LANDLINES = ("01632960###", "01632 960 ###", "01632 960###", "+441632960###", "00441632960###", "01632 960### ext 4#")
MOBILES = ("07700900###", "07700 900###", "07700 900 ###", "+447700900###", "00447700900###", "+44 7700 900 ###")
FOREIGN_PHONES = ("+1 202 555 01##", "00121255501##", "+33 1 99 00 %# ##", "0033 6 39 98 ## ##", "+353 20 91# ####")
"""Ranges that the regulators of the United Kingdom, North America, France and Ireland keep for drama."""

MAIL_DOMAINS = ("example.com", "example.org")
STAFF_ROLES = ("R0260", "R0270", "R6300", "R8000", "R8001", "R8003", "R8008", "R8009", "R8010", "R1290")
_PRACTICES = ("{} Surgery", "{} Medical Centre", "The {} Practice", "{} Health Centre", "{} Family Practice")
_SITES = ("{} Branch Surgery", "{} Road Clinic", "{} Community Centre", "{} Hub")
_HOUSES = ("The Old Forge", "Rose Cottage", "Hollybank", "Mill House", "Fell View", "The Bungalow", "Lark Rise")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody with a smartcard; `role` is a code of the national list of job roles."""

    family: str
    given: tuple[str, ...]
    prefix: str
    role: str
    sds_user_id: str
    sds_role_profile_id: str


class Provider(BaseProvider):
    """Practices, staff, and ways to reach people; to be added to a Faker that speaks en_GB."""

    def practice_name(self) -> str:
        """Such as `Lake Jonesport Surgery`."""
        return str(self.random_element(_PRACTICES)).format(self.generator.city())

    def site_name(self) -> str:
        """Where a practice also sees people."""
        return str(self.random_element(_SITES)).format(self.generator.last_name())

    def practice_code(self) -> str:
        """A fictional ODS code of a practice: `T9` and four digits."""
        return self.numerify("T9####")

    def cost_centre_code(self) -> str:
        """A fictional ODS code of what is not a practice, a walk-in centre or a hub: `Y9` and four digits."""
        return self.numerify("Y9####")

    def pharmacy_code(self) -> str:
        """A fictional ODS code of a pharmacy."""
        return self.numerify("FZ9##")

    def sds_id(self) -> str:
        """A user id or a role profile id: twelve digits."""
        return self.numerify("555#########")

    def job_role(self) -> tuple[str, str]:
        """Code and display of a role that is met in general practice."""
        code = str(self.random_element(STAFF_ROLES))
        return code, JOB_ROLES[code]

    def staff_member(self) -> StaffMember:
        """Somebody who works at a practice."""
        title = str(self.random_element(("Dr", "Mr", "Mrs", "Ms")))
        role, _ = self.job_role()
        name = self.generator.last_name(), (self.generator.first_name(),)
        return StaffMember(*name, title, role, self.sds_id(), self.sds_id())

    def premises(self) -> str:
        """A house name or a flat: the first line of an address."""
        return str(self.random_element((*_HOUSES, self.numerify("Flat %"), self.numerify("Unit %#"))))

    def pseudo_postcode(self) -> str:
        """A postcode of nowhere. Its inward codes with other digits say that somebody lives abroad or nowhere."""
        return self.bothify("ZZ99 9??").upper()

    def drama_landline(self) -> str:
        """A landline that rings nowhere, in one of several styles."""
        return self.numerify(str(self.random_element(LANDLINES)))

    def drama_mobile(self) -> str:
        """A mobile that rings nowhere, in one of several styles."""
        return self.numerify(str(self.random_element(MOBILES)))

    def foreign_phone(self) -> str:
        """A number from abroad that rings nowhere either."""
        return self.numerify(str(self.random_element(FOREIGN_PHONES)))

    def example_mail(self) -> str:
        """An address at a domain that never takes mail."""
        name = f"{self.generator.first_name()}.{self.generator.last_name()}".replace("'", "").lower()
        return f"{name}{self.random_int(1, 999)}@{self.random_element(MAIL_DOMAINS)}"
