"""E-mail: a message is a record, alone or in a mailbox, however broken its parts are."""

import base64
import io
from collections.abc import Sequence
from email.message import EmailMessage

import pytest

from newsearch.inputs import mail, read
from newsearch.model import Capture, RecordCapture, Skipped

PLAIN = (
    b'Message-ID: <1@quay.example>\r\nFrom: "Quay, Ada" <ada@Mail.Quay.example>\r\nSubject: Ferry\r\n sails\r\n'
    b"Date: Tue, 04 Mar 2025 09:30:00 +0100\r\nList-Id: Harbour news <harbour.quay.example>\r\n\r\nIt sailed.\r\n"
)


def read_all(data: bytes, path: str = "x.eml") -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), path, None))


def fields(items: Sequence[Capture | Skipped]) -> list[dict[str, object]]:
    return [dict(item.fields) for item in items if isinstance(item, RecordCapture)]


def told(items: Sequence[Capture | Skipped]) -> list[tuple[str, bool, bool]]:
    return [(item.reason, item.fatal, item.harmless) for item in items if isinstance(item, Skipped)]


def head(**more: str) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in {"From": "a@b.example", **more}.items())


def test_a_message_is_a_record_under_the_standard_names() -> None:
    (record,) = read_all(PLAIN)
    assert isinstance(record, RecordCapture)
    assert (str(record.origin), record.evidence) == ("x.eml", "mail")
    assert record.fields == {
        "id": "1@quay.example",
        "title": "Ferry sails",
        "body": "It sailed.\r\n",
        "published": "Tue, 04 Mar 2025 09:30:00 +0100",
        "source": "mail.quay.example",
        "section": "Harbour news",
        "url": "",
        "authors": ["Quay, Ada"],
        "lang": "",
    }


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?q?F=C3=A4hre_f=C3=A4hrt?=", "Fähre fährt"),
        ("=?iso-8859-1?Q?F=E4hre?= =?iso-8859-1?Q?_zur=FCck?=", "Fähre zurück"),
        ("a =?UTF-8*de?B?" + base64.b64encode("Kähne".encode()).decode() + "?= b", "a Kähne b"),
        ("=?utf-8?q?=E6=B8?= =?utf-8?q?=A1?=", "渡"),
        ("=?iso-2022-jp?b?GyRCOUEbKEI=?=", "港"),
        ("=?nonsense?q?ab?=", "ab"),
        ("=?utf-8?b?!!!!?= x", " x"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("Fähre", "Fähre"),
    ],
)
def test_a_subject_is_read_in_whatever_encoding_it_is_in(subject: str, expected: str) -> None:
    (record,) = fields(read_all(head(Subject=subject, To="x") + b"\r\n"))
    assert str(record["title"]).strip() == expected.strip()


def test_a_raw_head_and_body_are_in_the_encoding_that_their_bytes_show() -> None:
    data = "From: Jörg <j@x.example>\nSubject: Fähre\nContent-Type: text/plain; charset=us-ascii\n\nkäme\n".encode(
        "cp1252"
    )
    (record,) = fields(read_all(data))
    assert (record["authors"], record["title"], record["body"]) == (["Jörg"], "Fähre", "käme\n")


def made(*, plain: str = "", html: str = "", attached: Sequence[str] = ()) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ada <a@b.example>", "Ferry"
    if plain:
        message.set_content(plain, charset="iso-8859-1", cte="base64")
    if html:
        message.add_alternative(html, subtype="html") if plain else message.set_content(html, subtype="html")
    for name in attached:
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return bytes(message)


def test_the_plain_text_is_the_body_and_without_one_the_markup() -> None:
    assert fields(read_all(made(plain="Fähre\n", html="<p>no</p>")))[0]["body"] == "Fähre\n"
    assert fields(read_all(made(html="<p>yes</p>")))[0]["body"] == "<p>yes</p>\n"


def test_attachments_are_named_once_and_harmless() -> None:
    found = read_all(made(plain="a", attached=["q1.pdf", "q2.pdf", "Übersicht.pdf", "d", "e", "f"]))
    assert told(found) == [("attachment", False, True)]
    assert isinstance(found[-1], Skipped)
    assert "6: q1.pdf, q2.pdf, Übersicht.pdf, d, e, …" in found[-1].detail


def mailbox(*messages: bytes) -> bytes:
    return b"".join(b"From ada@quay.example Tue Mar  4 09:30:00 2025\n" + message + b"\n" for message in messages)


def test_a_mailbox_is_its_messages_with_their_lines_and_quoted_lines_are_unquoted() -> None:
    one = head(Subject="one") + b"\r\nFrom here on\nall is text.\n\n>From 9:30 on\n>>From then\n> From\n"
    found = read_all(mailbox(one, head(Subject="two") + b"\nbody\n"), "x.mbox")
    assert [record["title"] for record in fields(found)] == ["one", "two"]
    assert fields(found)[0]["body"] == "From here on\nall is text.\n\nFrom 9:30 on\n>From then\n> From\n\n"
    assert [str(item.origin) for item in found] == ["x.mbox:1-11", "x.mbox:12-17"]


def test_a_message_beyond_the_limit_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LIMIT", 1000)
    big = head(Subject="big") + b"\n" + b"line\n" * 1000
    found = read_all(mailbox(head(Subject="one") + b"\n", big, head(Subject="two") + b"\n"), "x.mbox")
    assert [record["title"] for record in fields(found)] == ["one", "two"]
    assert told(found) == [("too-large", False, False)]
    assert told(read_all(big)) == [("too-large", True, False)]


@pytest.mark.parametrize(
    "data",
    [
        head(Subject="=?utf-8?q?a?= " * 20_000) + b"\r\nx",
        head(To="a@b.c, " * 20_000, Subject="x") + b"\r\nx",
        b"Subject: x\r\nFrom: " + b"(" * 100_000 + b"\r\n\r\nx",
        head(**{"Subject": "x", "Content-Type": "text/plain; " + "a=b; " * 20_000}) + b"\r\nx",
        head(**{"Subject": "x", "Content-Type": "multipart/mixed"}) + b"\r\nx",
        head(**{"Subject": "x", "Content-Type": "multipart/mixed; boundary=a"}) + b"\r\n--a\r\n",
        head(**{"Subject": "x", "Content-Type": "text/plain; charset=\0"}) + b"\r\n\0x\xff",
        head(**{"Subject": "x", "Content-Transfer-Encoding": "base64"}) + b"\r\n!!!! x=",
        head(Subject="\0\x1b[2J", Date="never") + b"\r\n" + b"x" * (17 << 20),
    ],
    ids=["words", "addresses", "comments", "parameters", "no boundary", "cut", "charset", "base64", "long line"],
)
def test_a_hostile_message_is_read_all_the_same(data: bytes) -> None:
    assert len(fields(list(read(io.BytesIO(data), "x", None, "mail")))) == 1


@pytest.mark.parametrize(
    "data",
    [
        head(Subject="x")
        + b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(3000)),
        head(Subject="x") + b"Content-Type: message/rfc822\n\n" * 5000,
    ],
    ids=["multipart", "message"],
)
def test_messages_in_messages_without_end_are_skipped(data: bytes) -> None:
    found = read_all(mailbox(data, PLAIN), "x.mbox")
    assert told(found) == [("broken-mail", False, False)]
    assert [record["id"] for record in fields(found)] == ["1@quay.example"]


def test_what_has_no_head_is_no_message() -> None:
    assert told(list(read(io.BytesIO(b"words only\n"), "x", None, "mail"))) == [("broken-mail", False, False)]


def test_a_plain_text_of_blanks_does_not_hide_the_markup() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Ferry"
    message.set_content(" ")
    message.add_alternative("<p>It sailed at dawn.</p>", subtype="html")
    ((record),) = fields(read_all(message.as_bytes()))
    assert "It sailed at dawn." in str(record["body"])
