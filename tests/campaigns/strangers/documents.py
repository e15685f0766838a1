"""Records, tables, messages, Markdown, web archives and plain pages that strangers made."""

import gzip
import json

from .case import MB
from .markup import html


def deep_json(opening: str, closing: str, levels: int = 100_000) -> str:
    """Return lists or objects in each other."""
    return opening * levels + closing * levels


JSON = {
    "nested lists.json": deep_json("[", "]"),
    "nested objects.json": deep_json('{"a":', "}").replace("{}", "{1}"),
    "nested lists without an end.json": '[{"title": ' + "[" * 100_000,
    "nested in a record.jsonl": '{"title": "a", "body": ' + deep_json("[", "]") + "}\n",
    "nested in an unknown field.jsonl": '{"title": "a", "more": ' + deep_json("[", "]", 900) + "}\n",
    "number of many digits.jsonl": '{"title": "a", "id": ' + "9" * 100_000 + "}\n",
    "number of many digits.json": '[{"title": "a", "n": ' + "9" * 100_000 + "}]",
    "numbers without an end.jsonl": '{"title": "a", "id": 1e999}\n{"title": "b", "id": NaN}\n{"title": "c", '
    '"id": -Infinity}\n',
    "surrogates.jsonl": '{"title": "\\ud800", "body": "\\udfff\\ud800 x", "id": "\\udc00", "source": "\\ud83d"}\n',
    "surrogates.json": '[{"title": "\\ud800", "\\udbff": "x", "url": "http://a.example/\\ud800"}]',
    "surrogates in UTF-8.jsonl": b'{"title": "\xed\xa0\x80 x"}\n',
    "nuls.jsonl": '{"title": "\\u0000a\\u0000", "id": "\\u0000", "source": "a\\u0000"}\n',
    "raw nuls.jsonl": b'{"title": "a\0b"}\n{"title": "c"}\n',
    "names of machinery.jsonl": '{"__proto__": {"a": 1}, "__class__": "x", "__init__": 1, "title": "a"}\n',
    "the same name twice.jsonl": '{"title": "a", "title": "b", "title": ["c"]}\n',
    "many names.jsonl": "{" + ", ".join(f'"name{n}": 1' for n in range(100_000)) + ', "title": "a"}\n',
    "names of controls.jsonl": '{"\\u001b[31m\\u202e\\n": 1, "title": "a"}\n',
    "many nothings.json": "[" + "null," * 300_000 + "null]",
    "many authors.jsonl": json.dumps({"title": "a", "authors": ["\x1b[31m=1+1"] * 50_000}) + "\n",
    "long date.jsonl": json.dumps({"title": "a", "published": "2025-03-04" * 50_000}) + "\n",
    "date of blanks.jsonl": json.dumps({"title": "a", "published": " " * 200_000 + "x"}) + "\n",
    "far dates.jsonl": '{"title": "a", "published": "9999-12-31T23:59:59-23:59"}\n{"title": "b", "published"'
    ': "0001-01-01T00:00:00+23:59"}\n',
    "long id.jsonl": json.dumps({"title": "a", "id": "=" + "x" * 200_000}) + "\n",
    "ids of others.jsonl": '{"id": "ferry", "source": "Else", "title": "Not the ferry", "body": "x"}\n',
    "ids that are options.jsonl": '{"id": "--help", "title": "a"}\n{"id": "-", "title": "b"}\n{"id": "-rf", '
    '"title": "c"}\n',
    "ids of lines.jsonl": '{"id": "a\\nferry\\tb", "title": "a"}\n',
    "javascript url.jsonl": '{"title": "a", "url": "javascript:alert(1)"}\n{"title": "b", "url": "data:text/html,x"}\n',
    "file url.jsonl": '{"title": "a", "url": "file:///etc/passwd"}\n{"title": "b", "url": "http://a.example'
    '\\\\@evil.example/"}\n',
    "url of controls.jsonl": '{"title": "a", "url": "https://a.example/\\u001b]8;;x\\u0007\\n"}\n',
    "no end of a text.json": '[{"title": "' + "x" * MB,
    "comments.json": '[/* a */ {"title": "b"}, // c\n]',
    "garbage behind.json": '[{"title": "a"}] garbage',
    "escapes cut off.jsonl": '{"title": "\\u00"}\n{"title": "\\x"}\n{"title": "a\\\n',
    "a mark before it.jsonl": b'\xef\xbb\xbf{"title": "a"}\n\0\0\n',
    "UTF-16.json": '[{"title": "a"}]'.encode("utf-16"),
    "UTF-32.jsonl": '{"title": "a"}\n'.encode("utf-32"),
    "item of everything.json": json.dumps(
        {"uri": "\x1b[31m", "type": "text", "headline": {"a": 1}, "body_text": ["\x9b"], "versioncreated": [1]}
    ),
    "item of nested parts.json": '{"uri": "a", "type": "text", "headline": "a", "associations": '
    + '{"a": {"uri": "b", "associations": ' * 500
    + "{}"
    + "}}" * 500
    + "}",
    "feed of wrong kinds.json": '{"version": "https://jsonfeed.org/version/1", "items": [1, {"id": {}, "url"'
    ': "\\u001b", "title": 2, "content_html": []}]}',
    "feed of scripts.json": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "<'
    'b onload=x>\\u202e", "content_html": "<script>1</script><p>Text.</p>", "authors": [{"name": "\\u001b[31m"}]}]}',
}
CSV = {
    "formulas": "id,title,body\n=1+1,=cmd|' /C calc'!A0,+1 harbour\n-2,@SUM(1),\"\t=1\"\n",
    "open quotation": 'id,title,body\n1,"' + "x" * MB,
    "many quotations": "id,title,body\n1," + '"' * 200_001,
    "many columns": ",".join(["title", *(f"c{n}" for n in range(50_000))]) + "\na" + ",x" * 50_000 + "\n",
    "many commas": "title,body\n" + "," * MB + "\n",
    "columns of controls": "title,\x1b[31mbody\u202e,\x9b\na,b,c\n",
    "nuls": b"title,body\na\0b,c\0\n",
    "returns": "title,body\ra,b\rc,d\r",
    "separator of its own": "sep=;\ntitle;body\na;b\n",
    "a cell of lines": 'title,body\na,"' + "line\n" * 100_000 + '"\n',
    "names twice": "title,title,body,body\na,b,c,d\n",
    "a long cell": f"title,body\na,{'x' * 300_000}\n",
}
MAIL = {
    "encoded controls": "From: =?utf-8?q?=1B[31mA=E2=80=AE?= "
    "<a@b.example>\nSubject: =?utf-8?b?G1sySg==?=\nDate: Tue, 4 Mar 2025 09:30:00 +0000\n\nHarbour.\n",
    "unknown charset": "From: a@b.example\nSubject: =?x-evil?q?a?= =?../../x?b?YQ==?=\nContent-Type: "
    "text/plain; charset=../../etc\n\nHarbour.\n",
    "charset of codecs": "From: a@b.example\nSubject: =?zip?b?eJwDAAAAAAE=?=\nContent-Type: text/plain; "
    "charset=zlib_codec\n\nHarbour.\n",
    "deep parts": "From: a@b.example\nSubject: a\n"
    + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000)),
    "messages in messages": "From: a@b.example\nSubject: a\n" + "Content-Type: message/rfc822\n\nSubject: b\n" * 2_000,
    "attached path": "From: a@b.example\nSubject: a\nContent-Type: text/plain; "
    "name=../../made\nContent-Disposition: attachment; filename=../../made\n\nx\n",
    "many headers": "From: a@b.example\nSubject: a\n" + "".join(f"X-{n}: y\n" for n in range(50_000)) + "\nHarbour.\n",
    "a long header": "From: a@b.example\nSubject: " + "x" * MB + "\n\nHarbour.\n",
    "folded controls": "From: a@b.example\nSubject: a\n \x1b[31m\n\t\u202eb\n\nHarbour.\n",
    "parameters without an end": "From: a@b.example\nSubject: a\nContent-Type: text/plain; "
    + ";" * (4 * MB)
    + "\n\nHarbour.\n",
    "parts without an end": "From: a@b.example\nSubject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
    + "--b\n" * 20_000,
    "far date": "From: a@b.example\nSubject: a\nDate: Tue, 4 Mar 99999999 09:30:00 +9999\n\nHarbour.\n",
    "page of scripts": "From: a@b.example\nSubject: a\nContent-Type: "
    "text/html\n\n<script>1</script><p>Harbour &#27;[31m &#8238;.</p>\n",
    "encoded garbage": "From: a@b.example\nSubject: a\nContent-Transfer-Encoding: base64\n\n" + "=@!*" * 50_000,
}
MARKDOWN = {
    "aliases": "---\na: &a [x, x]\n"
    + "".join(
        f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *{'a' if n == 0 else f'b{n - 1}'}]\n" for n in range(60)
    )
    + "title: x\n---\n# T\n\nText.\n",
    "objects": "---\ntitle: !!python/object/apply:os.system ['touch "
    "made']\ndate: !!python/name:os.system\n---\n# T\n\nText.\n",
    "nested lists": "---\ntitle: " + "[" * 50_000 + "\n---\n# T\n\nText.\n",
    "merged keys": "---\n<<: {a: 1}\n? [a, b]\n: c\ntitle: x\n---\n# T\n\nText.\n",
    "toml of controls": '+++\ntitle = "\\u001b[31m\\u202e"\n"\\u009b" = 1\n+++\n# T\n\nText.\n',
    "links": "# T\n\n[a](javascript:alert(1)) ![b](file:///etc/passwd) <data:text/html,x> [c]: "
    "javascript:1\n\nText of the harbour.\n",
    "html": "# T <script>1</script>\n\n<iframe src=javascript:1>\n\n<img onerror=x>\n\nText.\n",
    "references to controls": "# T &#27;[31m\n\n&#x202e;abc &#x9b;2J &#0; text\n",
    "deep quotations": "# T\n\n" + ">" * 20_000 + " text\n",
    "deep lists": "# T\n\n" + "".join("  " * n + "- a\n" for n in range(1_500)),
    "many brackets": "# T\n\n" + "[" * 50_000 + "\n",
    "many stars": "# T\n\n" + "*_" * 50_000 + "a\n",
    "many backticks": "# T\n\n" + "".join("`" * n + " " for n in range(1, 700)) + "\n",
    "many tables": "# T\n\n" + "|a" * 10_000 + "\n" + "|-" * 10_000 + "\n" + "|x" * 10_000 + "\n",
    "references to each other": "# T\n\n"
    + "".join(f"[a{n}]: <{'x' * 50}>\n" for n in range(5_000))
    + "[a1][a2]" * 5_000
    + "\n",
}


def response(
    headers: str,
    body: bytes = b"",
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    uri: str = "http://a.example/",
) -> bytes:
    """Return a record of a web archive."""
    content = http.encode("utf-8", "surrogateescape") + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2025-03-04T00:00:00Z\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
    )
    length = "" if "Content-Length" in headers else f"Content-Length: {len(content)}\r\n"
    return f"{head}{headers}{length}\r\n".encode() + content + b"\r\n\r\n"


PAGE = html().encode()
WARC = {
    "a length without an end": response(f"Content-Length: {'9' * 5_000}\r\n", PAGE),
    "a length of terabytes": response("Content-Length: 9999999999999\r\n", PAGE),
    "a length below nothing": response("Content-Length: -5\r\n", PAGE),
    "a javascript address": response("", PAGE, uri="javascript:alert(1)"),
    "a file address": response("", PAGE, uri="file:///etc/passwd"),
    "an address of controls": response("", PAGE, uri="http://a.example/\x1b]8;;x\x07\u202e"),
    "headers of controls": response(
        "X-\x1b[31m: \x9b\r\n", PAGE, "HTTP/1.1 200 \x1b[31m\r\nContent-Type: text/html; charset=\x1b[2J\r\n"
    ),
    "many headers": response("", PAGE, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + "X: y\r\n" * 50_000),
    "chunks of terabytes": response(
        "",
        b"ffffffffffff\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n",
    ),
    "chunks below nothing": response(
        "", b"-5\r\nx\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
    ),
    "encodings in each other": response(
        "", PAGE, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: " + "gzip, " * 1_000 + "br\r\n"
    ),
    "a compressed bomb": response(
        "",
        gzip.compress(b"<p>" + bytes(64 * MB)),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n",
    ),
    "a head without an end": b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000,
    "a date that is none": response("", PAGE).replace(b"2025-03-04T00:00:00Z", b"\x1b[31m99999-99"),
    "a version that is none": b"WARC/\x1b[31m9\r\n" + response("", PAGE)[10:],
    "an old archive of controls": b"filedesc://a 0.0.0.0 20250304000000 text/plain "
    b"3\n1 \x1b[31m\n\nhttp://a/\x1b 1 2 text/html 99999999999\nx\n",
}
PAGES: dict[str, bytes | str] = {
    "only accents": "\u0301" * 100_000,
    "only blanks": " \n\t\u3000\u00a0" * 50_000,
    "only line ends": "\n" * 500_000,
    "only returns": "Title\r\r2025-03-04\r\rThe harbour was quiet.\r" * 3,
    "form feeds": "Title\f\f2025-03-04 08:00\v\fThe harbour was quiet.\f",
    "line separators": "Title\u2028\u20282025-03-04 08:00\u2029The harbour was quiet.\u0085",
    "many pages": "Title\n\n2025-03-04 08:00\n\nThe harbour was quiet.\n\n\n" * 3_000,
    "impossible dates": "Title\n\n2025-99-99 99:99\n\n31/02/2025\n\nThe harbour was quiet for once.\n",
    "many dates": "Title\n\n" + "2025-03-04 08:00\n" * 20_000 + "The harbour was quiet.\n",
    "UTF-16": "Title\n\nThe harbour was quiet.\n".encode("utf-16"),
    "UTF-16 cut off": "Title\n\nThe harbour was quiet.\n".encode("utf-16")[:-1],
    "UTF-32": "Title\n\nThe harbour was quiet.\n".encode("utf-32"),
    "UTF-7": b"Title\n\n+ADw-script+AD4- in the harbour.\n",
    "overlong UTF-8": b"Title\n\nThe harbour \xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80.\n",
    "Latin 1": "Title\n\nThe caf\xe9 of the harbour \x9b31m.\n".encode("latin-1"),
    "UTF-16 of halves": b"\xff\xfe" + b"\x00\xd8" * 1_000,
    "every byte": bytes(range(256)) * 40,
    "nuls": b"Title\0\n\nThe harbour.\0\n",
    "one word": "x" * (2 * MB),
    "words of accents": ("a" + "\u0301" * 1_000 + " ") * 200,
    "one sentence": "The harbour, " * 100_000,
    "expanding letters": "\ufdfa\u0149\u1e9e\ufb03" * 50_000,
    "digits of all scripts": "\u0661\u0967\u0e51\uff11 " * 50_000,
    "no blanks": "\u6771\u76df" * 100_000,
    "links": "Title\n\n" + "http://a.example/\x1b]8;;x " * 1_000 + "\n",
}
SGML = {
    "deep tags": '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="1"><TEXT>' + "<D>" * 50_000,
    "external definitions": "<!DOCTYPE lewis [<!ENTITY a SYSTEM "
    '"file:///etc/passwd">]>\n<REUTERS NEWID="1"><TEXT><TITLE>&a;</TITLE><BODY>x</BODY></TEXT></REUTERS>',
    "no end": '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="' + "x" * MB,
    "controls": "<!DOCTYPE lewis SYSTEM "
    '"lewis.dtd">\n<REUTERS NEWID="\x1b[31m"><DATE>\x9b</DATE><TEXT><TITLE>&#27;[31m\u202e</TITLE><BODY>Harb'
    "our &#155;2J</BODY></TEXT></REUTERS>",
    "many items": '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n'
    + '<REUTERS NEWID="1"><TEXT><TITLE>T</TITLE></TEXT></REUTERS>\n' * 3_000,
}
