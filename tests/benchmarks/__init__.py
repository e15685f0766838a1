"""Benchmarks of newsearch beside stock Whoosh, SQLite FTS5 and tantivy; `__main__.py` tells how to run them."""
