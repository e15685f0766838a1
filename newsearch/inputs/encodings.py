"""Text in UTF-16 as UTF-8."""

import io

from newsearch.inputs.detect import BOM
from newsearch.inputs.streams import buffered, peeked
from newsearch.model import Origin, Skipped

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF16_LIMIT = 64 << 20


def in_utf8(stream: io.BufferedReader, origin: Origin) -> io.BufferedReader | Skipped:
    """Return a stream that begins as UTF-16 in UTF-8, with a byte order mark that says so; any other as it is."""
    if not peeked(stream).startswith(_UTF16):
        return stream
    data = stream.read(_UTF16_LIMIT + 1)
    if len(data) > _UTF16_LIMIT:
        detail = "UTF-16 beyond 64 MiB; convert it: iconv -f UTF-16 -t UTF-8"
        return Skipped(origin, "too-large", detail, fatal=True)
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        detail = "it begins as UTF-16 and does not go on so; save it as UTF-8"
        return Skipped(origin, "invalid-utf16", detail, fatal=True)
    return buffered(io.BytesIO(BOM + text.encode("utf-8", "replace")))
