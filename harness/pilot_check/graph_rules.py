"""Rules about the graph: who is linked with whom, and what the launch email says of it."""

from collections.abc import Iterator

from harness.pilot_check.findings import LEAD, Found, at_link, at_organisation, fix_at
from harness.pilot_check.subject import Edge, Subject
from harness.pilot_check.words import writes_back


def links_lead_somewhere(subject: Subject) -> Iterator[Found]:
    """V1: ends that the file does not have, and edges given twice."""
    known, first = subject.names.organisations, dict[tuple[str, str], int]()
    for number, link in enumerate(subject.rows.links):
        edge = f"{link.from_} -> {link.to}"
        missing = [(key, name) for key, name in (("from", link.from_), ("to", link.to)) if name not in known]
        for key, name in missing:
            what = f"the link leads {key} {name}, which the configuration does not have"
            yield Found(("links", number, key), name, {"what": what}, edge, error="S5")
        if missing:
            continue
        ends = (subject.names.ods(link.from_), subject.names.ods(link.to))
        if (other := first.setdefault(ends, number)) != number:
            what = f"the link is given twice; links.{other} is the first"
            yield Found(("links", number), ends[0], {"what": what}, " -> ".join(ends))


def network_covers_both(subject: Subject) -> Iterator[Found]:
    """V2: the same PCN, or a hub that serves the booker's."""
    for edge in subject.edges:
        serves = {edge.receiver.pcn, *edge.receiver.serves}
        if edge.booker.pcn not in serves:
            facts = {"booker": edge.booker.pcn or "no PCN", "receiver": ", ".join(sorted(serves - {""})) or "none"}
            yield _of(edge, **facts)


def agreement_covers(subject: Subject) -> Iterator[Found]:
    """V3: the proxy lets nobody through without an agreement."""
    agreements = subject.rows.sharing_agreements
    if agreements is None:
        return
    covered = {(subject.names.ods(one.consumer_ods), subject.names.ods(one.provider_ods)) for one in agreements}
    for edge in subject.edges:
        if (edge.booker.ods, edge.receiver.ods) not in covered:
            yield _of(edge, booker=edge.booker.name, receiver=edge.receiver.name)


def somebody_can_send(subject: Subject) -> Iterator[Found]:
    """V6: one user with a full name and a role is enough, where the organisation has the feature at all."""
    for row in subject.rows.organisations:
        edges = [edge for edge in subject.edges if edge.booker is row is not edge.receiver]
        if edges and not row.entitled:
            facts = {"name": row.name, "what": "is not entitled to the feature: it is part of a paid module"}
            fix = f"{LEAD}have the module ordered for {row.name}, or remove its links"
            yield Found(at_organisation(subject, row, "entitled"), row.ods, facts, edges[0].ends, error="S5", fix=fix)
        elif edges and not any(user.role and user.family and user.given for user in row.users):
            named = not row.users or any(user.family and user.given for user in row.users)
            error, lack, key = ("E1", "a role", "user_role") if named else ("E2", "a full name", "user_name")
            lack = lack if row.users else "an account"
            facts = {"name": row.name, "what": f"has no user with a full name and a role: {lack} is missing"}
            loc = at_organisation(subject, row, "users")
            yield Found(loc, row.ods, facts, edges[0].ends, error=error, fix=fix_at(row, key))


def email_says_what_links_give(subject: Subject) -> Iterator[Found]:
    """V7: the declared role is the derived one, and nobody who takes part goes without."""
    told: set[str] = set()
    for name, declared in subject.rows.expect.items():
        if (row := subject.names.organisations.get(name)) is None:
            what = f"the launch email to {name} says {declared!r}, and the configuration has no such organisation"
            yield Found(("expect", name), name, {"what": what})
            continue
        told.add(row.ods)
        if (role := subject.role(row.ods)) != declared:
            what = f"the launch email to {row.name} says {declared!r}, its links {role!r}"
            yield Found(("expect", name), row.ods, {"what": what})
    for row in subject.rows.organisations if subject.rows.expect else ():
        if row.ods not in told and (role := subject.role(row.ods)) != "none":
            yield Found(("expect",), row.ods, {"what": f"no launch email to {row.name}, which its links make {role!r}"})


def no_link_to_self(subject: Subject) -> Iterator[Found]:
    """V8: own patients book without a pilot."""
    yield from (_of(edge, name=edge.booker.name) for edge in subject.edges if edge.booker is edge.receiver)


def write_back_is_possible(subject: Subject) -> Iterator[Found]:
    """V13: only within one system, and only in some."""
    for edge in subject.edges:
        if edge.link.write_back and not writes_back(edge.booker.supplier, edge.receiver.supplier):
            yield _of(edge, booker=edge.booker.supplier, receiver=edge.receiver.supplier)


def receivers_expect_no_selector(subject: Subject) -> Iterator[Found]:
    """V15: users of a receiver-only organisation look for a choice that they never get."""
    for row in subject.rows.organisations:
        if subject.role(row.ods) == "receiver" and row.users:
            yield Found(at_organisation(subject, row, "users"), row.ods, {"name": row.name, "count": len(row.users)})


def _of(edge: Edge, **facts: object) -> Found:
    return Found(at_link(edge), edge.booker.ods, facts, edge.ends)
