"""The embedded default: a Whoosh index, ranked by our own BM25F over its postings."""
