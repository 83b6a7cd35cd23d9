"""The consumer: a library that books appointments in other organisations over GP Connect.

`connect` gives a Consumer; `meet` an Encounter with one receiver; `search`, `availability`, `book`,
`cancel` and `settle_attempt` work on these. `booking_core.selfbook` is a whole product on top.
"""

from booking_core.appointments import Cancellation, cancel
from booking_core.availability import SiteView, availability, merged
from booking_core.booking import Ending, PatientRecord, book, find_or_register, settle_attempt, trace
from booking_core.connect import connect
from booking_core.consumer import Consumer, NationalServices, Product, Sender
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Booked, Offer
from booking_core.ledger import Attempt, Ledger, MemoryLedger
from booking_core.pds import Demographics
from booking_core.reactions import Reaction, Stop
from booking_core.search import ANYTHING, Wanted, search
from booking_core.wire.transport import HttpTransport

__all__ = [
    "ANYTHING",
    "Attempt",
    "Booked",
    "Cancellation",
    "Consumer",
    "Demographics",
    "Encounter",
    "Ending",
    "HttpTransport",
    "Ledger",
    "MemoryLedger",
    "NationalServices",
    "Offer",
    "PatientRecord",
    "Product",
    "Reaction",
    "Sender",
    "SiteView",
    "Stop",
    "Wanted",
    "availability",
    "book",
    "cancel",
    "connect",
    "find_or_register",
    "meet",
    "merged",
    "search",
    "settle_attempt",
    "trace",
]
