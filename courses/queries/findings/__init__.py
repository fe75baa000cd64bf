"""What is to be looked at before a course is published: one report for it and all below it."""

from courses.queries.findings.report import (
    PageReport,
    Report,
    report_of,
    urls_in,
)
from courses.queries.findings.shapes import Finding

__all__ = ["Finding", "PageReport", "Report", "report_of", "urls_in"]
