"""What a result shows of a stage: exchanges and screens as plain, masked values."""

from collections.abc import Iterator

import orjson

from harness.journal import Exchange
from harness.masking import Mask
from harness.scenario.stage import Stage
from harness.verdicts import Sight, Wire


def wires(stage: Stage, mask: Mask) -> Iterator[Wire]:
    """Every exchange of the journal in the order in which they began."""
    exchanges = stage.world.journal.exchanges
    for one in exchanges:
        ended = one.ended or one.started
        yield Wire(
            number=one.number,
            at=one.at,
            on=one.on,
            trace_id=one.trace_id,
            request=mask(f"{one.method} {one.url}"),
            answered=one.answered.status if one.answered else None,
            seen=one.seen,
            after_s=round((one.started - exchanges[0].started).total_seconds(), 3),
            took_s=round((ended - one.started).total_seconds(), 3),
            faults=tuple(one.faults),
            said=mask(_said(one)),
        )


def sights(stage: Stage, mask: Mask) -> Iterator[Sight]:
    """What people saw on screens, then the texts they got and the record entries that were made."""
    for seen in stage.seen:
        yield Sight(seen.who, f"screen: {seen.screen.outcome}", mask(seen.screen.text), mask(seen.screen.cause))
    for text in stage.product.phones.texts:
        yield Sight("patient", "SMS", mask(text.text))
    for entry in stage.product.records.entries:
        yield Sight("record", entry.ods, mask(entry.text))


def _said(exchange: Exchange) -> str:
    """Code and diagnostics of a refusal; nothing for a success."""
    if exchange.answered is None or exchange.answered.status < 400:
        return ""
    try:
        issue = orjson.loads(exchange.answered.body)["issue"][0]
        return f"{issue['details']['coding'][0]['code']}: {issue.get('diagnostics', '')}"
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError):
        return exchange.answered.body[:200].decode("utf-8", "replace")
