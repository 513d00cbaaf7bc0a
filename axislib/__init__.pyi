"""The public names of axislib and where each is defined; ``__init__.py`` loads them from here."""

from .errors import SeedError as SeedError
from .explorer import explore as explore
from .figures import argument_map as argument_map
from .figures import cited as cited
from .figures import comparison as comparison
from .figures import coverage as coverage
from .figures import describe as describe
from .figures import editors_and_author as editors_and_author
from .figures import exchanges as exchanges
from .figures import hypotheses_matrix as hypotheses_matrix
from .figures import timeline as timeline
from .figures import voices as voices
from .figures.disagreement import disagreement as disagreement
from .notebook.switches import reading_switches as reading_switches
from .questions.levels import compared_sides as compared_sides
from .questions.levels import levels as levels
from .questions.levels import likenesses as likenesses
from .questions.levels import thesis as thesis
from .questions.weighing import diagnosticity as diagnosticity
from .questions.weighing import fillings as fillings
from .questions.weighing import inconsistency as inconsistency
from .record.acts import record_timeline as record_timeline
from .record.comparison import filled_comparison as filled_comparison
from .record.figures import record_check as record_check
from .record.figures import record_overview as record_overview
from .seed.corpus import open_seeds as open_seeds
from .seed.opening import open_seed as open_seed
from .seed.opening import seed_names as seed_names
from .seed.seed import Seed as Seed
from .seed.variants import keep as keep
from .seed.variants import select as select

__version__: str
