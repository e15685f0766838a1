"""What is removed for good is gone from the files too."""

from ingest_support import Workshop, record

from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.removal import remove_articles


def test_no_word_of_a_removed_article_is_left_in_the_index(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Plughsecretword stays not."), record(2, "Another word stays.")])
    workshop.index()
    with open_for_writing(workshop.folder, create=False) as archive:
        remove_articles(archive, ["1"])
    assert workshop.ids() == {"2"}
    assert not workshop.faults()
    for file in workshop.folder.rglob("*"):
        assert not file.is_file() or b"lughsecretword" not in file.read_bytes()
