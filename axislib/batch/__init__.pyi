"""The public names of axislib.batch and where each is defined."""

from .diff import diff_runs as diff_runs
from .plan import PlanError as PlanError
from .plan import plan_schema as plan_schema
from .runner import BatchResult as BatchResult
from .runner import run_batch as run_batch
from .runs import Run as Run
from .runs import expand_plan as expand_plan
from .runs import read_plan as read_plan
