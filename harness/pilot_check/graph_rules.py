"""Rules about the graph: who is linked with whom, and what the launch email says of it."""

from collections.abc import Iterator

from harness.pilot_check.findings import Found, at_link, at_organisation, fix_at
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
    """V6: one user with a full name and a role is enough."""
    for row in subject.rows.organisations:
        edges = [edge for edge in subject.edges if edge.booker is row is not edge.receiver]
        if not edges or any(user.role and user.family and user.given for user in row.users):
            continue
        named = [user for user in row.users if user.family and user.given]
        error, key = ("E1", "user_role") if named or not row.users else ("E2", "user_name")
        lack = {"E1": "a role", "E2": "a full name"}[error] if row.users else "an account"
        facts = {"name": row.name, "lack": lack}
        yield Found(at_organisation(subject, row), row.ods, facts, edges[0].ends, error=error, fix=fix_at(row, key))


def email_says_what_links_give(subject: Subject) -> Iterator[Found]:
    """V7: the declared role is the derived one, and nobody who takes part goes without."""
    expect = subject.rows.expect
    for ods, declared in expect.items():
        derived = subject.role(ods) if ods in subject.names.organisations else "in no link: it is not in the file"
        if derived != declared:
            yield Found(("expect", ods), ods, {"declared": declared, "derived": derived})
    for row in subject.rows.organisations:
        if expect and row.ods not in expect and (role := subject.role(row.ods)) != "none":
            yield Found(("expect",), row.ods, {"declared": "nothing", "derived": role})


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
