"""A plan of notebooks and parameters, run in many isolated kernels, recorded in a manifest,
compared with another.

``__init__.pyi`` lists the public names. They load on first use: papermill, jupyter_client and dask
are heavy.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
