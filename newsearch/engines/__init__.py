"""Articles to an index, and queries to results. One file or folder an engine, one line in the table."""

from newsearch.registry import Entry, Registry

ENGINES = Registry(
    "engine",
    {
        "whoosh": Entry("newsearch.engines.whoosh.engine:WhooshEngine"),
        "memory": Entry("newsearch.engines.memory:MemoryEngine"),
    },
)
