"""The explorer: choose, look, point, and read the sentence behind what one points at."""

import lazy_loader

# late, for the report needs this room's evidence and none of its widgets
__getattr__, _, __all__ = lazy_loader.attach(__name__, [], {"explorer": ["Explorer", "explore"]})
