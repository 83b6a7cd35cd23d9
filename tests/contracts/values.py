"""Any attempt, any invitation: values as the stores may meet them."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from booking_core.booking import PatientRecord
from booking_core.consumer import Sender
from booking_core.gpconnect.values import Offer
from booking_core.ledger import Attempt
from booking_core.pds import Demographics
from booking_core.search import Wanted
from booking_core.selfbook.invitations import MOVES, Invitation

AT = datetime(2026, 3, 27, 9, tzinfo=UTC)
ATTEMPT = Attempt("a1", "i1", "T90101", "T90102", "9990010013", ("s1",), AT, AT)
OFFER = Offer("s1", AT, AT, "Routine", "In-person", "Morning", "", "", "", "l1", "Riverside", "1 Quay", "Riverside")
SENDER = Sender("u1", "Okafor", ("Ruth",), "", "R1730", "", "", "T90101", "Millbrook", "gp-practice", "0", "1")
ALICE = PatientRecord(Demographics("9990010013", "Begum", ("Nadia",), "female", date(1974, 2, 19)), "07700 900321")
INVITATION = Invitation("k1", "i1", SENDER, "T90102", ALICE, Wanted(), AT)

TEXT = st.text()
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
IDS = st.uuids().map(str)
INSTANTS = st.datetimes(
    datetime(1900, 1, 1),
    datetime(2199, 12, 31),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
OFFERS = st.builds(
    Offer, TEXT, INSTANTS, INSTANTS, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT
)  # fmt: skip
SHOWN = st.dictionaries(TEXT, OFFERS, max_size=4)
CHOSEN = st.lists(OFFERS, max_size=2).map(tuple)
PEOPLE = st.builds(Demographics, TEXT, TEXT, TEXTS, TEXT, st.none() | st.dates())
SENDERS = st.builds(Sender, TEXT, TEXT, TEXTS, *[TEXT] * 9)

ATTEMPTS = st.builds(
    Attempt, IDS, IDS, TEXT, TEXT, TEXT, TEXTS, INSTANTS, INSTANTS, TEXT, TEXT, TEXT,
    st.sampled_from(["book", "cancel"]), st.none() | INSTANTS,
)  # fmt: skip
INVITATIONS = st.builds(
    Invitation, IDS, IDS, SENDERS, TEXT, st.builds(PatientRecord, PEOPLE, TEXT),
    st.builds(Wanted, TEXTS, TEXTS, TEXTS, st.booleans()), INSTANTS, st.sampled_from(sorted(MOVES)), st.integers(0, 10**6), SHOWN,
    TEXT, CHOSEN, TEXT, CHOSEN, st.integers(0, 10**6), st.none() | INSTANTS,
)  # fmt: skip
