"""When a country books: the guide's draft volumetric model, which it calls no gold standard."""

HOURS = (
    0.0180, 0.0162, 0.0122, 0.0123, 0.0110, 0.0112, 0.0107, 0.0298, 0.0812, 0.1061, 0.1006, 0.0814,
    0.0724, 0.0799, 0.0839, 0.0696, 0.0479, 0.0298, 0.0259, 0.0201, 0.0197, 0.0182, 0.0215, 0.0202,
)  # fmt: skip
"""Share of a day's demand by hour, midnight first."""

WEEK = (0.1919, 0.1996, 0.1866, 0.1875, 0.1725, 0.0316, 0.0303)
"""Share of a week's demand by day, Monday first."""
