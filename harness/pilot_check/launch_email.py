"""The launch email of an organisation: what it may do from when on, with whom, and whom to ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from booking_core.uk_time import spoken_day
from harness.pilot_check.pages import render
from harness.pilot_check.subject import Subject
from harness.rows import LinkRow, OrganisationRow

ROLE_WORDS = {
    "both": "books into other organisations and receives their patients",
    "booker": "books patients into other organisations",
    "receiver": "receives patients of other organisations",
    "none": "does not take part",
}


@dataclass(frozen=True, slots=True)
class Email:
    """One organisation's letter."""

    ods: str
    name: str
    role: str
    subject: str
    text: str
    html: str


def emails(subject: Subject) -> tuple[Email, ...]:
    """One for each organisation that takes part."""
    rows = subject.rows.organisations
    return tuple(_email(subject, row) for row in rows if subject.role(row.ods) != "none")


def _email(subject: Subject, row: OrganisationRow) -> Email:
    edges = [edge for edge in subject.edges if edge.booker is not edge.receiver]
    pilot, role = subject.rows.pilot, subject.role(row.ods)
    facts = {
        "name": row.name,
        "ods": row.ods,
        "does": ROLE_WORDS[role],
        "books_into": [_line(edge.receiver, edge.link) for edge in edges if edge.booker is row],
        "booked_by": [_line(edge.booker, edge.link) for edge in edges if edge.receiver is row],
        "writes_back": any(edge.link.write_back for edge in edges if edge.booker is row),
        "sees_no_choice": role == "receiver",
        "lead": pilot.lead,
        "go_live": f"{spoken_day(subject.now)} {subject.now:%Y}" if pilot.launch_date else "a day to be agreed",
        "cancels": subject.rows.settings.cancel.enabled,
    }
    return Email(
        row.ods,
        row.name,
        role,
        f"{row.name}: booking across organisations from {facts['go_live']}",
        render("email.txt", **facts),
        render("email.html", **facts),
    )


def _line(row: OrganisationRow, link: LinkRow) -> str:
    only = [*_only("at", link.locations), *_only("for", link.slot_types)]
    only += ["with consultation write-back"] if link.write_back else []
    return f"{row.name} ({row.ods})" + "".join(f", {part}" for part in only)


def _only(word: str, names: Iterable[str]) -> list[str]:
    told = ", ".join(names)
    return [f"only {word} {told}"] if told else []
