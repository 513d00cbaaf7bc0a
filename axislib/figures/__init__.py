"""One file a chart: tables in, a plotly figure out; every mark cites its rows, and gaps show."""

from axislib.figures.argument import argument_map
from axislib.figures.comparison import comparison
from axislib.figures.coverage import coverage
from axislib.figures.exchanges import exchanges
from axislib.figures.hover import cited, describe
from axislib.figures.hypotheses import hypotheses_matrix
from axislib.figures.palette import CONFIG
from axislib.figures.timeline import timeline
from axislib.figures.voices import editors_and_author, voices

__all__ = [
    "CONFIG", "argument_map", "cited", "comparison", "coverage", "describe", "editors_and_author",
    "exchanges", "hypotheses_matrix", "timeline", "voices",
]  # fmt: skip
