"""Any schema of Whoosh's in segments of arrays: `index.writer(codec=ArrayCodec())`, and all else is Whoosh's own.

newsearch's own index does not come through here; it has a schema of its own and a faster way to write and to read it.
"""

from newsearch.engines.whoosh.generic.codec import ArrayCodec

__all__ = ["ArrayCodec"]
