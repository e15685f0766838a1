"""HTML pages to articles: what the page states of itself is weighed here, and trafilatura finds its text.

bytes -> text (`decoding`) -> tree (`tree`) -> statements (`statements`, `json_ld`) -> address, title, times, people
(`address`, `titles`, `page_times`, `labels`) and paragraphs (`body`)
"""

from newsearch.extract.html.reading import read

__all__ = ["read"]
