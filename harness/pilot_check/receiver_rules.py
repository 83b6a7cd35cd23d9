"""Rules about receivers: whether they answer, and whether a booker finds anything there."""

from collections.abc import Iterator, Mapping

from booking_core.encounter import NEEDED
from booking_core.spec.valuesets import ROLES_BY_RELEASE
from harness.pilot_check.findings import Found, at_link, at_organisation, fix_at
from harness.pilot_check.shelves import NO_SESSIONS, TIMELY, Sight
from harness.pilot_check.subject import Edge, Subject
from harness.rows import OrganisationRow
from mock_gpconnect.provider.visibility import Asker

CAUSES: Mapping[str, tuple[str, str]] = {
    NO_SESSIONS: ("E3-a", "sessions"),
    "not_bookable": ("E3-b", "not_bookable"),
    "no_channel": ("E3-b", "channel"),
    "channel_not_listed": ("E3-b", "channel"),
    "other_organisations_only": ("E3-c", "restriction"),
    "other_types_only": ("E3-d", "restriction"),
    "no_role": ("E3-e", "role"),
    "role_not_listed": ("E3-e", "role"),
    "under_embargo": ("E3-f", "embargo"),
    "not_released": ("E3-f", "embargo"),
    "not_subscribed": ("E3-c", "restriction"),
    "beyond_the_booking_window": ("E3-f", "embargo"),
    "begun": ("E3-g", "sessions"),
    "beyond_the_horizon": ("E3-h", ""),
    "between_two_searches": ("E3-j", "midnight"),
    "filtered_by_the_link": ("E3-i", ""),
    "home_visit": ("E3-k", "channel"),
}
"""Reason -> the cause that support staff look up, and what the receiver changes; empty: the pilot lead changes it."""


def receiver_answers(subject: Subject) -> Iterator[Found]:
    """V4: three switches, and the Spine's directory."""
    for row, edge in _receivers(subject):
        switches = row.gp_connect
        on = {
            "GP Connect": switches.enabled,
            "Foundations": switches.appointments if switches.foundations is None else switches.foundations,
            "Appointments": switches.appointments,
        }
        if off := [name for name, value in on.items() if not value]:
            facts = {"name": row.name, "what": f"has switched off {', '.join(off)}"}
            loc = at_organisation(subject, row, "gp_connect")
            yield Found(loc, row.ods, facts, edge.ends, error="S2", fix=fix_at(row, "switches"))
        needed = {one.name for one in NEEDED}
        if missing := [name for name in row.not_registered_for if name in needed]:
            facts = {"name": row.name, "what": f"is not registered on the Spine for {', '.join(missing)}"}
            fix = f"{row.name}'s supplier: register its endpoint and ASID in SDS"
            yield Found(at_organisation(subject, row, "not_registered_for"), row.ods, facts, edge.ends, "", "S1", fix)


def something_is_let_through(subject: Subject) -> Iterator[Found]:
    """V5: at least one session that the receiver's own gates, as they stand, open to this booker."""
    for edge in subject.edges:
        sight = _sight(subject, edge)
        if not sight.total and not any(sight.hidden[reason] for reason in TIMELY):
            yield _empty(edge, sight.cause())


def something_is_there_in_time(subject: Subject) -> Iterator[Found]:
    """V11: sessions are open, and embargo, booking window and horizon leave none of their slots."""
    for edge in subject.edges:
        sight = _sight(subject, edge)
        if not sight.total and any(sight.hidden[reason] for reason in TIMELY):
            yield _empty(edge, sight.cause(among=TIMELY))


def location_filters_fit(subject: Subject) -> Iterator[Found]:
    """V9: a name in the link's filter under which no session of the receiver takes place."""
    for edge in subject.edges:
        used = {group.location for group in subject.shelves[edge.receiver.ods].groups}
        for place, name in enumerate(edge.link.locations):
            if name not in used:
                facts = {"location": name, "used": ", ".join(sorted(used)) or "none", "name": edge.receiver.name}
                yield Found(at_link(edge, "locations", place), edge.receiver.ods, facts, edge.ends, cause="E3-i")


def session_roles_are_listed(subject: Subject) -> Iterator[Found]:
    """V10: by the release that the receiver has."""
    for row, edge in _receivers(subject):
        release = subject.world.practices[row.ods].profile.spec_version
        for number, session in enumerate(row.sessions):
            if session.bookable and session.role not in ROLES_BY_RELEASE[release]:
                facts = {"name": row.name, "session": session.name, "role": session.role or "none", "release": release}
                loc = at_organisation(subject, row, "sessions", number)
                yield Found(loc, row.ods, facts, edge.ends, "E3-e", fix=fix_at(row, "role"))


def slot_types_are_spelt_alike(subject: Subject) -> Iterator[Found]:
    """V12: across receivers, a filter takes names as they are spelt."""
    spellings: dict[str, dict[str, OrganisationRow]] = {}
    for row, _ in _receivers(subject):
        for session in row.sessions:
            alike = " ".join(session.slot_type.casefold().split())
            spellings.setdefault(alike, {}).setdefault(session.slot_type, row)
    for spelt in spellings.values():
        if len(spelt) > 1:
            row = [*spelt.values()][-1]
            names = ", ".join(f"{name!r} at {at.name}" for name, at in spelt.items())
            yield Found(at_organisation(subject, row, "sessions"), row.ods, {"names": names}, cause="E3-i")


def receivers_have_names_of_their_own(subject: Subject) -> Iterator[Found]:
    """V14: the name is all that a patient knows a site by."""
    first: dict[str, OrganisationRow] = {}
    for row, _ in _receivers(subject):
        other = first.setdefault(" ".join(row.name.casefold().split()), row)
        if other is not row:
            facts = {"name": row.name, "one": other.ods, "other": row.ods}
            yield Found(at_organisation(subject, row, "name"), row.ods, facts)


def groups_have_names_of_their_own(subject: Subject) -> Iterator[Found]:
    """V16: over the whole estate, not only within one organisation."""
    first: dict[str, OrganisationRow] = {}
    for row in subject.rows.organisations:
        for number, group in enumerate(row.groups):
            alike = group.name.casefold().strip()
            if alike in first:
                facts = {"group": group.name, "one": first[alike].name, "name": row.name}
                yield Found(at_organisation(subject, row, "groups", number), row.ods, facts)
            first.setdefault(alike, row)


def _receivers(subject: Subject) -> Iterator[tuple[OrganisationRow, Edge]]:
    """Each receiver once, with the first edge that leads to it."""
    first: dict[str, Edge] = {}
    for edge in subject.edges:
        first.setdefault(edge.receiver.ods, edge)
    return ((edge.receiver, edge) for edge in first.values())


def _sight(subject: Subject, edge: Edge) -> Sight:
    """Through the link's slot types; its locations have a rule of their own."""
    asker = Asker(frozenset({edge.booker.ods}), frozenset({edge.booker.type}))
    return subject.shelves[edge.receiver.ods].seen_by(asker, (), edge.link.slot_types)


def _empty(edge: Edge, reason: str) -> Found:
    cause, key = CAUSES.get(reason, ("E3-a", "sessions"))
    fix = fix_at(edge.receiver, key) if key else ""
    facts = {"booker": edge.booker.name, "receiver": edge.receiver.name, "why": reason.replace("_", " ")}
    return Found(at_link(edge), edge.receiver.ods, facts, edge.ends, cause, fix=fix)
