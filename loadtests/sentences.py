"""What a run says in words."""

from __future__ import annotations

from collections.abc import Iterator

from loadtests.profile import Came, Profile

_OWN_AT = 1_000
STEPS = ("sent", "opened", "searched again", "B1", "booked", "cancelled", "abandoned")
"""What an invitation comes to when all goes well, in order; B1 is a slot that somebody else took."""


def model_sentences(profile: Profile) -> Iterator[tuple[str, str]]:
    """Each supplier's fitted model in words."""
    for supplier, model in profile.models.items():
        if model is None:
            yield supplier, "too few points for a model"
            continue
        give = model.give_or_take
        k = f"({model.per_scanned_ms:.2f} ± {give[1]:.2f}) ms x scanned"
        m = f" + ({model.per_returned_ms:.2f} ± {give[2]:.2f}) ms x returned"
        both = k + (m if model.apart else " (scanned and returned could not be told apart)")
        base = f"({model.base_ms:,.0f} ± {give[0]:,.0f}) ms"
        yield supplier, f"{base} + {both}; typical miss {model.error:.1%}, R2 {model.r_squared:.3f}"


def own_time_sentences(profile: Profile) -> Iterator[str]:
    """What the mock itself took where it shows most: at a thousand slots, through the proxy."""
    rows = [row for row in profile.searches if row.target.visible == _OWN_AT and row.answered]
    if rows and profile.plan.latency:
        mock, rest = max(row.mock_p99_ms for row in rows), max(row.network_p99_ms for row in rows)
        yield (
            f"The mock's own time at {_OWN_AT:,} slots, through the proxy: p99 {mock:.2f} ms to make the answer; "
            f"all but the modelled latency, with sockets, timers and reading: p99 {rest:.2f} ms."
        )


def drift_sentences(profile: Profile) -> Iterator[str]:
    """Whether a soak wore on: the median search of its first tenth and of its last."""
    if profile.plan.shape != "soak":
        return
    for row in profile.searches:
        first, last = row.slices[0], row.slices[-1]
        if first.answers and last.answers:
            yield (
                f"{row.name}: median {first.ms[0.5]:,.0f} ms in the first tenth ({first.answers} answers), "
                f"{last.ms[0.5]:,.0f} ms in the last ({last.answers})."
            )


def came_words(came: Came) -> str:
    """A line for the terminal."""
    steps = ", ".join(f"{came.counts.get(step, 0)} {step}" for step in STEPS)
    errors = "".join(f", {count} ended with {error}" for error, count in errors_of(came).items())
    return f"{came.invited} invited, {steps}{errors}" + (f", {came.lost} lost" if came.lost else "")


def errors_of(came: Came) -> dict[str, int]:
    """What ended journeys, by the class of error that a person sees."""
    known = {*STEPS, "ended"}
    return {error: count for error, count in sorted(came.counts.items()) if error not in known}
