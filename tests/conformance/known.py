"""What is left out, and which failures are understood. Both are told in every report."""

from collections.abc import Mapping

_NO_INDEX = "writes no index"
_OWN_FILES = "is about files that only Whoosh's own codecs have"
_REPOSITORY = "is about files of Whoosh's repository that are not in the archive"

LEFT_OUT: Mapping[str, str] = {
    "test_automata": f"{_NO_INDEX}: automata for fuzzy words",
    "test_base85": f"{_NO_INDEX}: an encoding of numbers",
    "test_bits": f"{_NO_INDEX}: sets of numbers",
    "test_bump_version_script": _REPOSITORY,
    "test_colorize": f"{_NO_INDEX}: colours in a terminal",
    "test_compound": f"{_OWN_FILES}: several put together in one",
    "test_dateparse": f"{_NO_INDEX}: reading dates",
    "test_example_acronyms": _REPOSITORY,
    "test_example_parallel_indexing": _REPOSITORY,
    "test_example_parallel_search": _REPOSITORY,
    "test_example_rag_retriever": _REPOSITORY,
    "test_example_signed_numbers": _REPOSITORY,
    "test_examples_runnable": _REPOSITORY,
    "test_formats_combine": f"{_NO_INDEX}: encodings of positions",
    "test_parsing": f"{_NO_INDEX}: reading queries",
    "test_phonetic": f"{_NO_INDEX}: words that sound alike",
    "test_site_version_sync": _REPOSITORY,
    "test_stem": f"{_NO_INDEX}: stems",
    "test_tables": f"{_OWN_FILES}: hash tables",
    "test_typing": f"{_NO_INDEX}: type annotations",
}
"""Modules of tests, each with the reason why it is not run."""

REASONS: Mapping[str, str] = {
    "test_codecs::test_corrupt_postings_block_raises_clear_error": (
        "looks for a file of postings of Whoosh's own; damage to ours is noticed by its checksums"
    ),
    "test_codecs::test_tiny_blocks_stored_uncompressed_round_trip": (
        "looks into a file of postings of Whoosh's own for blocks compressed with zlib"
    ),
}
"""Tests that fail with our codec and not with Whoosh's own, each with the reason."""
