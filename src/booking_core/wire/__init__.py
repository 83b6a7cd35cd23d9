"""HTTP as plain values, and the one place that really sends them."""
