"""The consumer: a library that books appointments in other organisations over GP Connect.

In this order: `connect` gives a Consumer, who may keep it; `meet` an Encounter with one receiver, for
one patient and one sitting; `search` its Offers; `book` makes an appointment of one and tells how it
ended; `cancel` gives it back. What has no answer is `in_doubt` and stands so in the Ledger, where
`Ledger.unsettled` finds it after a restart, for `settle_attempt`. `availability` looks at several
receivers at once. Questions that fail raise Stop; commands return an Ending.

`booking_core.selfbook` is a whole product on top, `booking_core.ledger_postgres` a ledger for several
processes. `examples/` shows the names below at work.
"""

from booking_core.appointments import Cancellation, cancel
from booking_core.availability import SiteView, availability, merged
from booking_core.booking import Ending, PatientRecord, book, find_or_register, settle_attempt, trace
from booking_core.connect import connect
from booking_core.consumer import Consumer, NationalServices, Product, Sender
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Booked, Offer
from booking_core.ledger import Attempt, Ledger, MemoryLedger, Overtaken
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
    "Overtaken",
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
