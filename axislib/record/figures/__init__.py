"""The record in charts: a claim against its measures and findings, and other charts with the
record's rows outlined.

What comes from the record is outlined in a colour of its own and carries a sign, so that nobody
takes it for the article's.
"""

from axislib.record.figures.check import RecordMarks, record_check
from axislib.record.figures.whole import filled_comparison, record_timeline

__all__ = ["RecordMarks", "filled_comparison", "record_check", "record_timeline"]
