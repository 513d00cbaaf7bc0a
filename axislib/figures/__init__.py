"""One file a chart: tables in, a plotly figure out; every mark cites, and silence is drawn as
silence."""

from .acceptability import on_the_whole
from .argument_map import argument_map
from .comparison import comparison
from .coverage import coverage
from .exchanges import exchanges
from .hypotheses import hypotheses_matrix
from .style import CONFIG, cited, describe
from .timeline import timeline
from .voices import voices

__all__ = [
    "CONFIG",
    "argument_map",
    "cited",
    "comparison",
    "coverage",
    "describe",
    "exchanges",
    "hypotheses_matrix",
    "on_the_whole",
    "timeline",
    "voices",
]
