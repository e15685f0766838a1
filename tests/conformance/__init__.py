"""Whoosh's own tests over segments of arrays."""
