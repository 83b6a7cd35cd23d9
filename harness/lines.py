"""A user's line to an organisation, for requests that are made by hand."""

from booking_core.consumer import Product
from booking_core.gpconnect.requests import Line
from booking_core.sds import Route
from booking_core.selfbook.pilot import sender_of
from harness.product import account, pilot_of
from harness.world import World


def line_between(world: World, by: str, to: str) -> Line:
    """The line of a user (`organisation.user`) to an organisation, both checked."""
    home, _, user = by.partition(".")
    ods, practice = world.names.ods(home), world.practice(to)
    booker = pilot_of(world.rows, world.names).organisations[ods]
    sender = sender_of(booker, account(world.staff, ods, user))
    route = Route(practice.ods, practice.service_root, practice.asid)
    return Line(world.addresses.ssp, route, sender, Product())
