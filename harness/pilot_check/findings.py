"""What a rule found, told once and in the same way: where, what, what a user would see, who puts it right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from booking_core.selfbook.user_errors import BY_ID
from harness.pilot_check.subject import Edge, Subject, shown
from harness.pilot_check.words import in_words_of
from harness.rows import OrganisationRow

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
LEAD = "the pilot lead: "


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule noticed; `facts` fill the rule's texts, `error` and `fix` replace the rule's own."""

    loc: tuple[str | int, ...]
    organisation: str
    facts: Mapping[str, object] = field(default_factory=dict)
    edge: str = ""
    cause: str = ""
    error: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: what is asked, and what is said when the answer is no.

    `error` is the user error that somebody would see, empty where nobody would see one. `fix` is for the
    pilot lead, who owns the configuration; a rule about a clinical system names the fix with each find.
    """

    id: str
    severity: Severity
    question: str
    text: str
    error: str
    fix: str
    look: Callable[[Subject], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A find in words. `cause` is the row of the error's causes, `file` and `line` its place."""

    rule: str
    severity: Severity
    organisation: str
    edge: str
    text: str
    error: str
    user_sees: str
    cause: str
    fix: str
    file: str
    line: int


def told(subject: Subject, rule: Rule, found: Found) -> Finding:
    """The find with its rule's texts filled in."""
    error = found.error or rule.error
    path, line, _ = subject.document.place(found.loc)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        organisation=found.organisation,
        edge=found.edge,
        text=rule.text.format_map(found.facts),
        error=error,
        user_sees=_seen(subject, error, found.edge) if error else "",
        cause=found.cause,
        fix=found.fix or LEAD + rule.fix.format_map(found.facts),
        file=shown(path),
        line=line,
    )


def _seen(subject: Subject, error: str, ends: str) -> str:
    """The sender's screen, with the names of the edge's ends."""
    booker, _, receiver = ends.partition(" -> ")
    known = subject.names.organisations
    names = {"booker": booker, "receiver": receiver or booker}
    names = {key: known[ods].name if ods in known else ods or "the organisation" for key, ods in names.items()}
    return BY_ID[error].to_sender.format_map(names)


def at_link(edge: Edge, *keys: str | int) -> tuple[str | int, ...]:
    """The place of a link in the file."""
    return ("links", edge.number, *keys)


def at_organisation(subject: Subject, row: OrganisationRow, *keys: str | int) -> tuple[str | int, ...]:
    """The place of an organisation in the file."""
    return ("organisations", subject.rows.organisations.index(row), *keys)


def fix_at(row: OrganisationRow, key: str) -> str:
    """Who puts it right and where: the organisation, in its own system."""
    return f"{row.name}, in {in_words_of(row.supplier, key)}"
