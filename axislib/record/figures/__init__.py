"""The record in charts: all claims in one, a claim against its findings, and other charts with the
record's rows outlined, so that nobody takes them for the article's."""

from axislib.record.figures.check import record_check
from axislib.record.figures.overview import cards, record_overview
from axislib.record.figures.whole import filled_comparison, record_timeline

__all__ = ["cards", "filled_comparison", "record_check", "record_overview", "record_timeline"]
