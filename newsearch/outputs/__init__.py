"""Results to bytes. One file a format, one line in the table."""

from newsearch.registry import Entry, Registry

OUTPUTS = Registry(
    "output format",
    {
        "text": Entry("newsearch.outputs.terminal:write"),
        "json": Entry("newsearch.outputs.json_object:write"),
        "jsonl": Entry("newsearch.outputs.json_lines:write"),
        "csv": Entry("newsearch.outputs.csv_table:write"),
        "tsv": Entry("newsearch.outputs.tsv_table:write"),
        "md": Entry("newsearch.outputs.markdown:write"),
        "ids": Entry("newsearch.outputs.ids:write"),
    },
)
