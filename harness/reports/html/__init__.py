"""The HTML report: one file that opens anywhere, for people who were not there."""

from harness.reports.html.page import html_report

__all__ = ("html_report",)
