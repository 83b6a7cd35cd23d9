"""What a population must cover, said once more and in other words than the tables of the code: how many show what.

The share is of all people, None where only a few are asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from harness.population.people import Population
from mock_pds.extensions import PHARMACY, extensions
from mock_pds.person import Name, Person
from tests.harness.population.conftest import TODAY

DAY = TODAY.isoformat()
UK = ("07700", "01632", "+44", "0044")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    share: float | None
    floor: int
    shown: Callable[[Person], object]

    def count(self, population: Population) -> int:
        return sum(bool(self.shown(person)) for person in population.people)


def usual(person: Person) -> Name:
    return person.usual_name or Name(family="", given=(), prefix=("none",))


def uses(person: Person) -> set[str]:
    return {name.use for name in person.names}


def ways(person: Person) -> list[tuple[str, str]]:
    return [(each.system, each.use) for each in person.telecom]


def home(person: Person) -> tuple[str, ...]:
    return next((address.lines for address in person.addresses if address.use == "home"), ())


def away(person: Person, use: str) -> tuple[str, str] | None:
    """Start and end of an address that is not the home; one without end ends never."""
    return next(((a.start or "", a.end or "never") for a in person.addresses if a.use == use), None)


def now(span: tuple[str, str] | None) -> bool:
    return span is not None and span[0] <= DAY <= span[1] != "never"


def over(span: tuple[str, str] | None) -> bool:
    return span is not None and span[1] < DAY


def wishes(person: Person) -> tuple[bool, bool]:
    held = person.communication
    return bool(held and held.language), bool(held and (held.written_format or held.method))


def relative(person: Person) -> tuple[bool, bool]:
    return next(
        ((bool(each.nhs_number), bool(each.name and each.address)) for each in person.relatives), (False, False)
    )


def minimal(person: Person) -> bool:
    return person == Person(person.nhs_number)


ROWS = (
    Row("two or more given names", 0.45, 5, lambda p: len(usual(p).given) > 1),
    Row("five given names", None, 1, lambda p: len(usual(p).given) == 5),
    Row("compound first name", 0.03, 2, lambda p: usual(p).given and " " in usual(p).given[0]),
    Row("apostrophe", 0.02, 2, lambda p: "'" in usual(p).family),
    Row("hyphen", 0.06, 2, lambda p: "-" in usual(p).family),
    Row("diacritics", 0.05, 3, lambda p: not (usual(p).family + "".join(usual(p).given)).isascii()),
    Row("35 characters", None, 1, lambda p: len(usual(p).family) == 35),
    Row("fewer than three letters", 0.005, 1, lambda p: 0 < len(usual(p).family) < 3),
    Row("upper case", 0.20, 3, lambda p: usual(p).family.isupper()),
    Row("lower case", 0.02, 1, lambda p: usual(p).family.islower()),
    Row("no title", 0.30, 3, lambda p: not usual(p).prefix),
    Row("mononym", None, 1, lambda p: usual(p).family and not usual(p).given),
    Row("usual name not first", 0.10, 2, lambda p: p.names and p.names[0].use != "usual"),
    Row("more than one name", 0.15, 4, lambda p: len(p.names) > 1),
    Row("nickname", None, 1, lambda p: "nickname" in uses(p)),
    Row("temporary name", None, 1, lambda p: "temp" in uses(p)),
    Row("old name", None, 1, lambda p: "old" in uses(p)),
    Row("maiden name", None, 1, lambda p: "maiden" in uses(p)),
    Row("no telecom", 0.08, 3, lambda p: not p.telecom),
    Row("only e-mail", 0.10, 1, lambda p: ways(p) == [("email", "home")]),
    Row("only landline", 0.10, 1, lambda p: ways(p) == [("phone", "home")]),
    Row("only mobile", 0.10, 1, lambda p: ways(p) == [("phone", "mobile")]),
    Row("two phones of one use", None, 1, lambda p: len(ways(p)) > len(set(ways(p)))),
    Row(
        "number from abroad",
        0.04,
        2,
        lambda p: any(t.system == "phone" and not t.value.startswith(UK) for t in p.telecom),
    ),
    Row("textphone", None, 1, lambda p: any(t.textphone and t.system == "other" for t in p.telecom)),
    Row("no home address", 0.01, 1, lambda p: not home(p) and not minimal(p)),
    Row("one-line address", None, 1, lambda p: len(home(p)) == 1 and home(p) != ("No fixed abode",)),
    Row("five-line address", None, 1, lambda p: len(home(p)) == 5),
    Row("blank first line", None, 1, lambda p: home(p)[:1] == ("",)),
    Row("temporary address", 0.04, 3, lambda p: away(p, "temp")),
    Row("temporary address, current", None, 1, lambda p: now(away(p, "temp"))),
    Row("temporary address, expired", None, 1, lambda p: over(away(p, "temp"))),
    Row("temporary address, no end", None, 1, lambda p: (away(p, "temp") or ("", ""))[1] == "never"),
    Row("billing address", 0.02, 2, lambda p: away(p, "billing")),
    Row("billing address, current", None, 1, lambda p: now(away(p, "billing"))),
    Row("billing address, expired", None, 1, lambda p: over(away(p, "billing"))),
    Row("work address", None, 1, lambda p: away(p, "work")),
    Row("no fixed abode", 0.01, 1, lambda p: any(address.postcode == "ZZ99 3VZ" for address in p.addresses)),
    Row("PAF and UPRN keys", 0.60, 2, lambda p: any(address.paf and address.uprn for address in p.addresses)),
    Row("gender other", 0.01, 1, lambda p: p.gender == "other"),
    Row("gender unknown", 0.01, 1, lambda p: p.gender == "unknown"),
    Row("gender absent", 0.01, 1, lambda p: p.gender is None and not minimal(p)),
    Row("born in a month", None, 1, lambda p: len(p.birth_date or "") == 7),
    Row("born in a year", None, 1, lambda p: len(p.birth_date or "") == 4),
    Row("birth date absent", None, 1, lambda p: p.birth_date is None and not minimal(p)),
    Row("born on 29 February", None, 1, lambda p: (p.birth_date or "").endswith("-02-29")),
    Row("born today", None, 1, lambda p: p.birth_date == DAY),
    Row("named BABY", None, 1, lambda p: usual(p).given == ("BABY",)),
    Row("named TWIN ONE", None, 1, lambda p: usual(p).given == ("TWIN ONE",)),
    Row("aged 110", None, 1, lambda p: "1915-03-28" <= (p.birth_date or "") <= "1916-03-27"),
    Row("born on 1 January", 0.01, 2, lambda p: (p.birth_date or "").endswith("-01-01")),
    Row("death notified", 0.03, 3, lambda p: p.death_notice),
    Row("informal death", None, 1, lambda p: p.death_notice == "1" and p.deceased),
    Row("formal death", None, 1, lambda p: p.death_notice == "2" and p.deceased),
    Row("removed death notice", None, 1, lambda p: p.death_notice == "U" and not p.deceased),
    Row("death with a date", None, 1, lambda p: len(p.deceased or "") == 10),
    Row("death with a time", None, 1, lambda p: "T" in (p.deceased or "")),
    Row("death with half a date", None, 1, lambda p: 0 < len(p.deceased or "") < 10),
    Row("restricted", 0.005, 3, lambda p: p.confidentiality == "R"),
    Row("very restricted", None, 1, lambda p: p.confidentiality == "V"),
    Row("superseded", None, 3, lambda p: p.superseded_by),
    Row("invalidated", None, 1, lambda p: p.invalidated),
    Row("no practice", 0.02, 2, lambda p: not p.practice and not p.managing and not minimal(p)),
    Row("a practice that no directory knows", 0.02, 3, lambda p: p.practice and not p.practice.startswith("T9005")),
    Row("a Y code", None, 1, lambda p: (p.practice or "").startswith("Y")),
    Row("a V81 code", None, 1, lambda p: (p.practice or "").startswith("V81")),
    Row("a closed practice", None, 1, lambda p: (p.practice or "").startswith("T9999")),
    Row("registration ended", 0.01, 2, lambda p: p.managing and p.removal and not p.practice),
    Row("interpreter, sign language", 0.04, 3, lambda p: wishes(p)[0]),
    Row("contact preferences", 0.02, 2, lambda p: wishes(p)[1]),
    Row("pharmacy", 0.50, 2, lambda p: p.nominations and p.nominations.pharmacy),
    Row("emergency contact", 0.20, 2, lambda p: p.contacts),
    Row("relative", 0.15, 3, lambda p: p.relatives),
    Row("relative by reference", None, 1, lambda p: relative(p) == (True, False)),
    Row("relative by details", None, 1, lambda p: relative(p) == (False, True)),
    Row("relative by both", None, 1, lambda p: relative(p) == (True, True)),
    Row("minimal record", None, 1, minimal),
    Row("a pharmacy that is not where it is looked for", None, 1, lambda p: odd(p)),
)


def odd(person: Person) -> bool:
    """Several extensions, the first of them not the one that comes first elsewhere."""
    urls = [extension["url"] for extension in extensions(person)]
    return len(urls) > 2 and PHARMACY not in urls
