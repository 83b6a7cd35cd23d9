"""Fits `base + k * scanned + m * returned` to measured times: weighted least squares, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Point:
    """The median of so many answers in milliseconds, and what was scanned and returned for each."""

    scanned: float
    returned: float
    ms: float
    answers: int = 1


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted model. `error` is the typical relative miss; `apart` says whether k and m could be told apart.

    `give_or_take` are the standard errors of the three figures.
    """

    base_ms: float
    per_scanned_ms: float
    per_returned_ms: float
    error: float
    r_squared: float
    apart: bool = True
    give_or_take: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def ms(self, scanned: float, returned: float) -> float:
        """What the model expects."""
        return self.base_ms + self.per_scanned_ms * scanned + self.per_returned_ms * returned


def fit(points: Sequence[Point]) -> Model | None:
    """The model that misses least, relative to each time; None for fewer than three points.

    Where what is returned is always the same share of what is scanned, no measurement can tell
    the two costs apart: all of it is then put on scanning.
    """
    usable = [point for point in points if point.ms > 0]
    if len(usable) < 3:
        return None
    apart = _rank_is_full(usable)
    weights = [float(point.answers) for point in usable]
    for _ in range(_ROUNDS):
        normal, right = _normal_equations(usable, weights, apart=apart)
        if (solved := _solve(normal, right)) is None:
            return None
        model = _judged(usable, [*solved, 0.0][:3], apart=apart)
        weights = _weights(usable, model)
    return replace(model, give_or_take=_standard_errors(model, usable, weights, normal))


_ROUNDS = 6


def _weights(points: Sequence[Point], model: Model) -> list[float]:
    """Relative to what the model expects: relative to what was seen, one odd small time would outweigh all others."""
    least = 0.01 * max(point.ms for point in points)
    return [point.answers / max(model.ms(point.scanned, point.returned), least) ** 2 for point in points]


def _normal_equations(
    points: Sequence[Point], weights: Sequence[float], *, apart: bool
) -> tuple[list[list[float]], list[float]]:
    rows = [(1.0, point.scanned, point.returned)[: 3 if apart else 2] for point in points]
    size = len(rows[0])
    normal = [
        [sum(w * r[i] * r[j] for w, r in zip(weights, rows, strict=True)) for j in range(size)] for i in range(size)
    ]
    right = [
        sum(w * r[i] * p.ms for w, r, p in zip(weights, rows, points, strict=True)) for i in range(size)
    ]  # fmt: skip
    return normal, right


def _standard_errors(
    model: Model, points: Sequence[Point], weights: Sequence[float], normal: list[list[float]]
) -> tuple[float, float, float]:
    """From what the model leaves unexplained; unknown, and so 0, with no point to spare."""
    size = len(normal)
    if len(points) <= size:
        return 0.0, 0.0, 0.0
    left = sum(w * (p.ms - model.ms(p.scanned, p.returned)) ** 2 for w, p in zip(weights, points, strict=True))
    variance = left / (len(points) - size)
    inverse = [_solve(normal, [float(i == at) for i in range(size)]) for at in range(size)]
    found = [math.sqrt(variance * max(column[at], 0.0)) if column else 0.0 for at, column in enumerate(inverse)]
    return found[0], found[1], found[2] if size == 3 else 0.0


def _judged(points: Sequence[Point], found: Sequence[float], *, apart: bool) -> Model:
    base, scanned, returned = found
    bare = Model(base, scanned, returned, 0.0, 0.0, apart)
    misses = [(point.ms - bare.ms(point.scanned, point.returned)) / point.ms for point in points]
    mean = sum(point.ms for point in points) / len(points)
    spread = sum((point.ms - mean) ** 2 for point in points)
    left = sum((point.ms - bare.ms(point.scanned, point.returned)) ** 2 for point in points)
    error = math.sqrt(sum(miss**2 for miss in misses) / len(misses))
    return replace(bare, error=error, r_squared=1 - left / spread if spread else 1.0)


def _rank_is_full(points: Sequence[Point]) -> bool:
    """Whether scanned and returned vary independently: some three points do not lie on one line."""
    first = points[0]
    far = max(points, key=lambda point: abs(point.scanned - first.scanned))
    reach = far.scanned - first.scanned
    if not reach:
        return False
    slope = (far.returned - first.returned) / reach
    off = max(abs(point.returned - first.returned - slope * (point.scanned - first.scanned)) for point in points)
    return off > 0.01 * max(point.returned for point in points)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Gauss with pivoting, columns scaled first; None where the matrix says too little."""
    size = len(right)
    scale = [math.sqrt(matrix[i][i]) or 1.0 for i in range(size)]
    rows = [[matrix[i][j] / scale[i] / scale[j] for j in range(size)] + [right[i] / scale[i]] for i in range(size)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        if abs(rows[at][at]) < 1e-12:
            return None
        for below in range(size):
            if below != at:
                factor = rows[below][at] / rows[at][at]
                rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    return [rows[i][size] / rows[i][i] / scale[i] for i in range(size)]
