"""Two runs side by side, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from loadtests.profile import Profile, Quantile, Row

_SHARE = 0.5


def compared(now: Profile, before: Profile) -> list[str]:
    """First the summary; then a sentence for each target whose median has changed beyond chance, or that is new."""
    earlier = {row.name: row for row in before.rows if row.answered}
    both = [(row, earlier[row.name]) for row in now.rows if row.answered and row.name in earlier]
    if not both:
        return ["The two runs have no target in common, so nothing can be compared."]
    changed = [(row, old) for row, old in both if _apart(row.intended[_SHARE], old.intended[_SHARE])]
    slower = sum(row.intended[_SHARE].ms > old.intended[_SHARE].ms for row, old in changed)
    faster = len(changed) - slower
    summary = f"Of {len(both)} targets in both runs, {slower} became slower and {faster} faster"
    same = len(both) - len(changed)
    return [f"{summary}; {same} did not change beyond chance.", *map(_sentence, changed), *_only_in_one(now, before)]


def _apart(one: Quantile, other: Quantile) -> bool:
    """Their 95 % intervals do not meet."""
    return one.low > other.high or one.high < other.low


def _sentence(pair: tuple[Row, Row]) -> str:
    row, old = pair
    new_ms, old_ms = row.intended[_SHARE].ms, old.intended[_SHARE].ms
    word = "slower" if new_ms > old_ms else "faster"
    return (
        f"{row.name} is {abs(new_ms / old_ms - 1):.0%} {word}: its median went from "
        f"{old_ms:,.0f} to {new_ms:,.0f} ms, more than chance explains."
    )


def _only_in_one(now: Profile, before: Profile) -> Iterator[str]:
    names, old = {row.name for row in now.rows}, {row.name for row in before.rows}
    if added := sorted(names - old):
        yield f"Only in this run: {', '.join(added)}."
    if gone := sorted(old - names):
        yield f"Only in the earlier run: {', '.join(gone)}."
