"""What each check looks at when all steps are done. A check passes or raises Unmet."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from harness.scenario import check_rows
from harness.scenario.stage import NotKept, Stage, Unmet
from mock_gpconnect.book.protocol import Appointment

Found = TypeVar("Found")


async def appointments(stage: Stage, check: check_rows.Appointments) -> None:
    """Counts what the receiver's own book holds as booked."""
    practice, names = stage.world.practice(check.at), stage.world.names
    rows = [names.patients[check.patient]] if check.patient else names.patients.values()
    records = [record for row in rows for record in practice.patients.of_number(row.nhs_number)]
    held = [one for record in records for one in await practice.book.appointments_of(record.id)]
    held = [one for one in held if one.status == "booked"]
    if check.booked_by:
        booker = names.organisations[check.booked_by]
        held = [one for one in held if _seen_by_the_receiver(one) == (booker.ods, booker.name, booker.phone)]
    _count("appointments", check.count, len(held))


def _seen_by_the_receiver(appointment: Appointment) -> tuple[str, str, str]:
    """Who booked, as the receiver's staff read it: ODS code, name, telephone."""
    booker = appointment.booker or {}
    return appointment.booker_ods or "", booker.get("name", ""), booker.get("telecom", [{}])[0].get("value", "")


async def exchanges(stage: Stage, check: check_rows.Exchanges) -> None:
    """Counts in the journal, whatever the answers were."""
    at = _mount_name(stage, check.at)
    found = [one for one in stage.world.journal.exchanges if one.at == at and one.on == check.on]
    _count(f"{check.on} at {check.at}", check.count, len(found))


async def screens(stage: Stage, check: check_rows.Screens) -> None:
    """The pilot's promise: the patient sees the site's name throughout."""
    site = _site(stage, check.names)
    looked_at = [seen.screen for seen in stage.seen if seen.who != "staff"]
    if not looked_at:
        raise Unmet(f"screens that name {site}", "no screen at all")
    for screen in looked_at:
        if site not in (screen.site, screen.text) and site not in screen.text:
            raise Unmet(f"{site!r} on every screen", f"{screen.outcome}: {screen.text!r}")


async def told(stage: Stage, check: check_rows.Told) -> None:
    """Somebody read exactly this."""
    texts = [seen.screen.text for seen in stage.seen if (seen.who == "staff") == (check.who == "staff")]
    if check.text not in texts:
        raise Unmet(repr(check.text), " / ".join(map(repr, texts)) or "no screen")


async def sms(stage: Stage, check: check_rows.Sms) -> None:
    """Counts the texts on a patient's phone, and reads them for the site's name."""
    texts = _kept(stage.driver.inbox(stage.world.names.patients[check.to].mobile))
    _count(f"texts to {check.to}", check.count, len(texts))
    if check.names:
        site = _site(stage, check.names)
        for text in texts:
            if site not in text:
                raise Unmet(f"{site!r} in every text", repr(text))


async def record(stage: Stage, check: check_rows.RecordEntries) -> None:
    """Counts entries at the organisation: the booker writes, the receiver does not."""
    names = stage.world.names
    found = _kept(stage.driver.record_entries(names.ods(check.at), names.patients[check.patient].nhs_number))
    _count(f"record entries for {check.patient} at {check.at}", check.count, found)


_REGISTRATIONS: Mapping[str, str] = {"R": "regular", "T": "temporary"}


async def registered(stage: Stage, check: check_rows.Registered) -> None:
    """How the organisation's patient index holds somebody who is active there now."""
    practice, now = stage.world.practice(check.at), stage.world.now()
    records = practice.patients.of_number(stage.world.names.patients[check.patient].nhs_number)
    kinds = [_REGISTRATIONS.get(one.registration, one.registration) for one in records if one.is_active(now)]
    if (kinds or ["none"]) != [check.as_]:
        raise Unmet(f"{check.patient} registered as {check.as_}", ", ".join(kinds) or "none")


async def ledger(stage: Stage, check: check_rows.LedgerOutcomes) -> None:
    """What the booking core itself believes of its attempts."""
    outcomes = tuple(_kept(stage.driver.outcomes(stage.world.names.patients[check.patient].nhs_number)))
    if outcomes != check.outcomes:
        raise Unmet(f"attempts {list(check.outcomes)}", str(list(outcomes)))


LOOKS: Mapping[type[Any], Callable[[Stage, Any], Awaitable[None]]] = {
    check_rows.Appointments: appointments,
    check_rows.Exchanges: exchanges,
    check_rows.Screens: screens,
    check_rows.Told: told,
    check_rows.Sms: sms,
    check_rows.RecordEntries: record,
    check_rows.Registered: registered,
    check_rows.LedgerOutcomes: ledger,
}


async def run_check(stage: Stage, check: check_rows.Check) -> None:
    """Looks once; raises Unmet with what was expected and what was found."""
    await LOOKS[type(check)](stage, check)


def _kept(found: Found | None) -> Found:
    if found is None:
        raise NotKept
    return found


def _count(what: str, expected: int, found: int) -> None:
    if found != expected:
        raise Unmet(f"{expected} {what}", str(found))


def _mount_name(stage: Stage, name: str) -> str:
    row = stage.world.names.organisations.get(name)
    return (row.alias or row.ods) if row else name


def _site(stage: Stage, name: str) -> str:
    """The name that a patient reads: an organisation's, or `organisation.location`'s."""
    home, _, place = name.partition(".")
    row = stage.world.names.organisations[home]
    return next((one.name for one in row.locations if one.alias == place), row.name)
