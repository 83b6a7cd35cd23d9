"""Where people live and how to reach them, with all that old records hold."""

from collections.abc import Sequence

from harness.population.draft import WAYS, Draft
from harness.population.draws import Draws, iso
from harness.population.features import Aspect, Change, Feature, Suits, adult
from mock_pds.person import Contact, Telecom

NO_FIXED_ABODE = "ZZ99 3VZ"
TEMPORARY_KINDS = (
    "Second Home", "Student Accommodation", "Respite Care Address", "Temporary Residence Address",
    "Convalescence Home", "Mobile Home", "Holiday Home",
)  # fmt: skip
PAF_DIGITS, UPRN_DIGITS = 8, 12


def _no_telecom(draft: Draft, _: Draws) -> None:
    draft.telecom = ()


def _only(way: str) -> Change:
    def change(draft: Draft, draws: Draws) -> None:
        draft.telecom = (WAYS[way](draws, f"{draft.given[0]}.{draft.family}", draft.since),)

    return change


def _two_of_one_use(draft: Draft, draws: Draws) -> None:
    """More than the rules of today allow: an old record may hold it all the same."""
    draft.telecom = (draws.mobile(), draws.mobile())


def _from_abroad(draft: Draft, draws: Draws) -> None:
    foreign = Telecom(draws.pick(draws.pools.foreign_phones), "phone", "mobile", start=draft.since)
    draft.telecom = (foreign, *(each for each in draft.telecom if each.use != "mobile"))


def _textphone(draft: Draft, draws: Draws) -> None:
    draft.telecom += (Telecom(draws.landline().value, "other", "home", textphone=True, start=draft.since),)


def _no_home(draft: Draft, _: Draws) -> None:
    draft.lines, draft.postcode = (), ""


def _no_fixed_abode(draft: Draft, _: Draws) -> None:
    draft.lines, draft.postcode = ("No fixed abode",), NO_FIXED_ABODE


def _one_line(draft: Draft, draws: Draws) -> None:
    draft.lines = (draws.street(),)


def _five_lines(draft: Draft, draws: Draws) -> None:
    draft.lines += (draws.pick(draws.pools.counties),)


def _blank_first_line(draft: Draft, _: Draws) -> None:
    draft.lines = ("", *draft.lines[1:])


def _keys(draft: Draft, draws: Draws) -> None:
    draft.paf, draft.uprn = draws.digits(PAF_DIGITS), draws.digits(UPRN_DIGITS)


def _has_a_home(draft: Draft, _: Draws) -> bool:
    return bool(draft.lines) and draft.postcode != NO_FIXED_ABODE


def _older_than(days: int) -> Suits:
    """Suits those who were born by then: nobody moves before."""
    return lambda draft, draws: draft.born is not None and draft.born < iso(draws.today - days)


def _elsewhere(use: str, start: int, end: int | None) -> Change:
    """One more address, from `start` to `end`, in days from today."""

    def change(draft: Draft, draws: Draws) -> None:
        text = draws.pick(TEMPORARY_KINDS) if use == "temp" else None
        ends = None if end is None else draws.today + end
        draft.other_addresses += (draws.address(use, text, start=draws.today + start, end=ends),)

    return change


def _emergency_contact(draft: Draft, draws: Draws) -> None:
    contact = Contact((("phone", draws.mobile().value),), start=draft.since)
    draft.more["contacts"] = (contact,)


REACH_ASPECTS: Sequence[Aspect] = (
    Aspect(
        Feature("no_telecom", 0.08, 3, _no_telecom),
        Feature("only_email", 0.10, 1, _only("email")),
        Feature("only_landline", 0.10, 1, _only("landline")),
        Feature("only_mobile", 0.10, 1, _only("mobile")),
        Feature("number_from_abroad", 0.04, 2, _from_abroad),
        Feature("two_phones_of_one_use", 0, 1, _two_of_one_use),
        Feature("textphone", 0, 1, _textphone),
    ),
    Aspect(
        Feature("no_home_address", 0.01, 1, _no_home),
        Feature("no_fixed_abode", 0.01, 1, _no_fixed_abode),
        Feature("one_line_address", 0, 1, _one_line),
        Feature("five_line_address", 0, 1, _five_lines),
        Feature("blank_first_line", 0, 1, _blank_first_line),
    ),
    Aspect(Feature("address_keys", 0.60, 2, _keys, _has_a_home)),
    Aspect(
        Feature("temporary_address", 0.02, 1, _elsewhere("temp", -30, 60), _older_than(30)),
        Feature("temporary_address_expired", 0.01, 1, _elsewhere("temp", -200, -120), _older_than(200)),
        Feature("temporary_address_without_end", 0.01, 1, _elsewhere("temp", -400, None), _older_than(400)),
    ),
    Aspect(
        Feature("billing_address", 0.01, 1, _elsewhere("billing", -100, 200), _older_than(100)),
        Feature("billing_address_expired", 0.01, 1, _elsewhere("billing", -500, -200), _older_than(500)),
        Feature("work_address", 0, 1, _elsewhere("work", -90, None), adult),
    ),
    Aspect(Feature("emergency_contact", 0.20, 2, _emergency_contact)),
)
