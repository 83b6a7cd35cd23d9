"""What a result shows of a stage: exchanges and screens as plain, masked values."""

from collections.abc import Iterator

import orjson

from booking_core.spec.errors import ErrorRow
from booking_core.wire.calls import Reply
from booking_core.wire.refusal_rows import refusal_row
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
            seen_status=one.seen_status,
            after_s=round((one.started - exchanges[0].started).total_seconds(), 3),
            took_s=round((ended - one.started).total_seconds(), 3),
            faults=tuple(one.faults),
            said=mask(_said(one)),
        )


_LAYERS = {
    "gpconnect": ("provider",),
    "ssp": ("ssp", "provider"),
    "pds": ("pds",),
    "sds": ("sds",),
    "token": ("token",),
}
_WIRE = {"cut": "CUT", "refused": "REFUSED", "gave up": "TIMEOUT"}


def rows_said(stage: Stage) -> tuple[str, ...]:
    """The error rows that came up, `layer/code`, sorted: what the mocks answered and what the wire did."""
    found = {row.key for one in stage.world.journal.exchanges if (row := _row(one))}
    found |= {("wire", _WIRE[one.seen]) for one in stage.world.journal.exchanges if one.seen in _WIRE}
    return tuple("/".join(key) for key in sorted(found))


def _row(exchange: Exchange) -> ErrorRow | None:
    answer = exchange.answered
    if answer is None or (answer.status < 400 and b'"OperationOutcome"' not in answer.body[:200]):
        return None
    row, _ = refusal_row(Reply(answer.status, {}, answer.body), _LAYERS.get(exchange.service, (exchange.service,)))
    return row if row.layer != "wire" else None


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
