"""Character references of HTML and its kin, such as `&amp;` and `&#233;`."""

import html


def unescaped(text: str) -> str:
    """Return a text with its character references resolved; one with a number that none has is left as it is."""
    try:
        return html.unescape(text)
    except ValueError:  # Python refuses to read a number of thousands of digits
        return text
