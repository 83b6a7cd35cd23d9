"""The day as tables for a terminal."""

from rich.console import Console
from rich.table import Table

from harness.national.outcome import ENDS, LEFT_OUT, Outcome, timings_of

SHOWN = ("search_slots", "find_patient", "register_patient", "create_appointment")


def show(output: Console, outcome: Outcome) -> None:
    """What it came to by supplier, how long it took, and what is assumed."""
    sizes = outcome.sizes
    networks = "1 network" if sizes["networks"] == 1 else f"{sizes['networks']} networks"
    output.print(
        f"{outcome.country}, {outcome.day:%A %d %B %Y}: {networks} ({outcome.share:.1%}), "
        f"{sizes['practices']} practices, {sizes['patients']:,} patients, {sizes['slots']:,} slots in 14 days, "
        f"{sizes['slots_taken_before']:,} of them taken before"
    )
    demand = "" if outcome.demand == 1 else f", at {outcome.demand:g} times the demand of the model"
    output.print(f"busiest hour: {outcome.busiest_rate:.1f} searches a second in the whole country{demand}\n")
    output.print(_ends(outcome))
    output.print(_timings(outcome))
    output.print(_hours(outcome))
    for line in LEFT_OUT:
        output.print(f"left out: {line}", soft_wrap=True)
    output.print(f"assumed: {', '.join(outcome.assumed)}; every latency of a supplier", soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=None, title_justify="left", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _ends(outcome: Outcome) -> Table:
    table = _table(
        "What became of them (codes: crossbook show errors)",
        "supplier of the receiver",
        *ENDS.values(),
        "refused otherwise",
    )
    for each in outcome.suppliers:
        refused = ", ".join(f"{word} {count}" for word, count in each.refused.items()) or "-"
        table.add_row(each.supplier, *(f"{count:,}" for count in each.ends.values()), refused)
    return table


def _timings(outcome: Outcome) -> Table:
    table = _table("How long it took (ms, ASSUMED)", "request", "count", "p50", "p95", "p99", "longest", "queued")
    queued = {each.supplier: each for each in outcome.suppliers}
    for row in timings_of(outcome, SHOWN):
        at = queued[row.supplier]
        queue = f"{at.queued:,} (p99 {at.queue_p99}, longest {at.queue_longest})" if row.interaction == SHOWN[0] else ""
        figures = (row.count, row.p50, row.p95, row.p99, row.longest)
        table.add_row(f"{row.interaction} {row.supplier}", *(f"{figure:,}" for figure in figures), queue)
    return table


def _hours(outcome: Outcome) -> Table:
    table = _table("By hour", "from", "invited", "searches", "booked", "no appointments", "slot taken")
    for row in outcome.hours:
        figures = (row.invited, row.searches, row.booked, row.no_appointments, row.taken)
        table.add_row(f"{row.hour:02}:00", *(f"{figure:,}" for figure in figures))
    return table
