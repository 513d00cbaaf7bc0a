"""A plan of notebooks and parameters, run in isolated kernels, recorded, compared with another.

``__init__.pyi`` lists the public names. What they need is heavy, so they load on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
