"""The examples that lead each command's help; the tests run them."""

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "newsearch": (
        ("newsearch index corpus", "take in a folder of captures"),
        ('newsearch query "Nvidia export"', "find articles"),
    ),
    "index": (
        ("newsearch index", "take in ./corpus, and later what changed in it"),
        ("newsearch index corpus --exclude '*.gz'", "leave some files out"),
        ("newsearch index corpus --dry-run", "say what would happen"),
    ),
    "inputs": (("newsearch inputs", "every format, and what has to be installed for it"),),
    "query": (
        ('newsearch query "Nvidia export"', "both words"),
        ("newsearch query '\"export curbs\" -AMD'", "an exact phrase, and a word to leave out"),
        ("newsearch query trade --since 2025-03 --until 2025-04 --sort newest", "a range of days"),
        ("newsearch query storm --as-of today", "with what was captured by the end of a day"),
        ("newsearch query nvidia --limit all --full --format csv", "everything, for a spreadsheet"),
    ),
    "save": (
        ('newsearch save chips "nvidia OR amd"', "keep a query under a name"),
        ("newsearch save curbs '\"export curbs\"' -AMD", "written as for newsearch query"),
        ('newsearch save chips "nvidia OR amd" && newsearch query saved:chips export', "put it into another query"),
    ),
    "saved": (
        ("newsearch saved", "each name and its query"),
        ("newsearch saved --remove chips", "forget one"),
    ),
    "show": (
        ("newsearch show m-3301", "a whole article"),
        ("newsearch query nvidia --format ids | newsearch show -", "all articles a query finds"),
        ("newsearch show m-3301 --captures", "its versions, and where each was captured"),
    ),
    "diff": (
        ("newsearch query storm --limit 1 --format ids | newsearch diff -", "what its last change has changed"),
        ("newsearch diff m-3301 --all", "each change of it"),
    ),
    "status": (
        ("newsearch status", "how much there is"),
        ("newsearch status --skipped", "what could not be taken in, and why"),
    ),
    "verify": (
        ("newsearch verify", "read everything back and check it"),
        ("newsearch verify --laws", "see whether the answers agree with each other as well"),
    ),
    "repair": (
        ("newsearch repair --dry-run", "say what is damaged, and what would be had back"),
        ("newsearch repair", "make a damaged index usable again"),
        ("newsearch repair --format json", "with everything that could not be had back, for a program"),
    ),
    "remove": (("newsearch remove m-3310 --yes", "take an article out for good"),),
    "config": (("newsearch config --origin", "each setting and where it comes from"),),
}
