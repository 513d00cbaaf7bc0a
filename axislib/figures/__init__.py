"""One file a chart: tables in, a plotly figure out; every mark cites, and silence is drawn as silence."""

from .comparison import comparison
from .coverage import coverage
from .style import CONFIG, cited, describe
from .timeline import timeline

__all__ = ["CONFIG", "cited", "comparison", "coverage", "describe", "timeline"]
