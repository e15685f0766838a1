"""Files to captures to articles to an index, and the ledger that knows what came from where."""
