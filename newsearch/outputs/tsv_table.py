"""Tab-separated values: a line a hit, for `cut`, `awk` and spreadsheets."""

from typing import TextIO

from newsearch.model import Results
from newsearch.outputs.csv_table import no_formula
from newsearch.outputs.fields import cell, table_fields
from newsearch.outputs.safe import safe_line
from newsearch.outputs.view import View


def write(results: Results, view: View, stream: TextIO) -> None:
    """Write a header and a line a hit; tabs and line ends inside a field become spaces."""
    names = table_fields(view)
    stream.write("\t".join(names) + "\n")
    stream.writelines(
        "\t".join(no_formula(safe_line(cell(hit, name))) for name in names) + "\n" for hit in results.hits
    )
