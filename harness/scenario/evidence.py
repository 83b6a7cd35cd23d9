"""What a result shows of a stage: exchanges and screens as plain, masked values."""

from collections import Counter
from collections.abc import Iterator

import orjson

from booking_core.spec.errors import ErrorRow
from booking_core.spec.headers import CORRELATION_ID
from booking_core.wire.calls import Reply
from booking_core.wire.refusal_rows import refusal_row
from harness.journal import Answer, Exchange
from harness.masking import Mask
from harness.scenario.callers import callers
from harness.scenario.messages import Transcript
from harness.scenario.stage import Stage
from harness.verdicts import Message, Place, Sight, Wire


def wires(stage: Stage, mask: Mask) -> Iterator[Wire]:
    """Every exchange of the journal in the order in which they began."""
    exchanges = stage.world.journal.exchanges
    transcript = Transcript(mask)
    struck = {rule.name: (str(rule.model_dump()["kind"]), rule.phase) for rule in stage.world.faults.ever.values()}
    asking = callers(exchanges, stage.world.rows.organisations)
    for one in exchanges:
        ended = one.ended or one.started
        yield Wire(
            number=one.number,
            caller=asking[one.number],
            at=one.at,
            on=one.on,
            trace_id=one.trace_id or one.header(CORRELATION_ID),
            request=transcript.line(f"{one.method} {one.url}"),
            answered=one.answered.status if one.answered else None,
            seen=one.seen,
            seen_status=one.seen_status,
            after_s=stage.after_s(one.started),
            took_s=(ended - one.started).total_seconds(),
            faults=tuple(one.faults),
            struck=tuple(struck[name] for name in one.faults),
            said=said_by(one, transcript),
            asked=transcript.message(one.request_headers, one.request_body, one.request_body_cut),
            answer=_message(transcript, one.answered),
            came=_message(transcript, one.received if one.received != one.answered else None),
        )


def _message(transcript: Transcript, answer: Answer | None) -> Message | None:
    return transcript.message(answer.headers, answer.body, answer.body_cut) if answer else None


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
    mobiles = Counter(row.mobile for row in stage.world.rows.patients)
    owners = {row.mobile: row.alias for row in stage.world.rows.patients if mobiles[row.mobile] == 1}
    for seen in stage.seen:
        screen = seen.screen
        what = f"screen: {screen.outcome}"
        yield Sight(seen.who, what, mask(screen.text), mask(screen.cause), seen.after_s, seen.step)
    for text in stage.product.phones.texts:
        yield Sight(owners.get(text.mobile, "patient"), "SMS", mask(text.text), after_s=stage.after_s(text.at))
    for entry in stage.product.records.entries:
        yield Sight("record", entry.ods, mask(entry.text), after_s=stage.after_s(entry.at))


def places(stage: Stage) -> Iterator[Place]:
    """The organisations that took part, in the order of their world."""
    world = stage.world
    active = {one.at for one in world.journal.exchanges} | {entry.ods for entry in stage.product.records.entries}
    for row in world.rows.organisations:
        if active & {row.alias, row.ods}:
            yield Place(row.alias or row.ods, row.name, row.ods, world.practices[row.ods].profile.name)


def said_by(exchange: Exchange, transcript: Transcript) -> str:
    """Code and diagnostics of a refusal; nothing for a success."""
    answer = exchange.answered
    if answer is None or answer.status < 400:
        return ""
    try:
        issue = orjson.loads(answer.body)["issue"][0]
        return transcript.line(f"{issue['details']['coding'][0]['code']}: {issue.get('diagnostics', '')}")
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError):
        return transcript.message(answer.headers, answer.body).body[:200]
