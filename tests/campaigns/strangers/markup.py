"""HTML pages, and documents of agencies and feeds in XML, that strangers made."""

import json
import re

from .case import MB


def html(body: str = "", head: str = "") -> str:
    """Return a page."""
    text = "<p>The harbour was quiet in the morning, and the ferry left it as it does every day of the week.</p>" * 6
    return f"<!doctype html><html><head><title>Page</title>{head}</head><body><h1>Page</h1>{text}{body}</body></html>"


def linked(data: object) -> str:
    """Return JSON-LD."""
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{text}</script>'


NEWS = {"@type": "NewsArticle", "headline": "Page"}
HTML: dict[str, bytes | str] = {
    "scripts": html("<script>document.title='x'</script><iframe srcdoc='<script>1</script>'></iframe><svg onload=x>"),
    "references to controls": html("<p>&#27;[31m &#x9b;2J &#8238;abc &#0; &#xd800; &#x110000; &#x7f; &#x202e;</p>" * 9),
    "title of controls": html(
        head="<title>&#27;]0;x&#7; &#8238;a</title><meta property='og:title' content='&#27;[2J'>"
    ),
    "javascript address": html(head="<link rel=canonical href='javascript:alert(1)'><base href='javascript:1'>"),
    "data address": html(
        head="<link rel=canonical href='data:text/html,x'><meta property=og:url content='file:///etc/passwd'>"
    ),
    "address with controls": html(head="<link rel=canonical href='http://a.example/&#27;]8;;x&#10;b'>"),
    "address of a bad port": html(head="<link rel=canonical href='http://[::1:99999999/x'>"),
    "redirection": html(head="<meta http-equiv=refresh content='0;url=http://evil.example/'>"),
    "remote things": html(head="<link rel=stylesheet href=http://evil.example/a.css><img src=http://evil.example/x>"),
    "deep elements": html("<div>" * 100_000 + "deep"),
    "deep quotations": html("<blockquote><table><tr><td>" * 3_000),
    "many attributes": html("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>"),
    "many links": html("<a href=/x>link</a> " * 50_000),
    "open comment": html("<!--" + "x" * 100_000),
    "many angles": "<!doctype html><title>a</title>" + "<" * MB,
    "long title": html(head=f"<title>{'long ' * 200_000}</title>"),
    "declared entities": "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b '&a;&a;'>]>"
    + html("&a;&b;"),
    "charset of the past": html(head="<meta charset=utf-7>").replace("quiet", "+ADw-script+AD4-"),
    "charset that is none": html(head="<meta charset='../../etc/passwd'>"),
    "charset of codecs": html(head="<meta charset=zip_codec><meta charset=rot13>"),
    "two encodings": b"\xff\xfe<meta charset=utf-7>" + html("+ADw-script+AD4-").encode(),
    "data in a circle": html(head=linked(NEWS | {"@id": "a", "isPartOf": {"@id": "a"}})),
    "nested data": html(head=linked("[" * 100_000)),
    "nested objects": html(head=linked('{"a":' * 50_000 + "1" + "}" * 50_000)),
    "data of controls": html(
        head=linked(NEWS | {"author": {"name": "\x1b[31m\u202ea"}, "articleSection": "\x9b2J", "url": "javascript:1"})
    ),
    "data of wrong kinds": html(
        head=linked(NEWS | {"author": 1, "headline": [{}], "datePublished": {"a": []}, "publisher": [[[1]]]})
    ),
    "data between blanks": html(head=linked(" " * MB + json.dumps(NEWS) + "\n" * MB + ";")),
    "data without an end": html(
        head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "' + "x" * MB
    ),
    "year without an end": html(head=linked(NEWS | {"datePublished": "9" * 100_000 + "-01-01"})),
    "offset without an end": html(
        head=linked(NEWS | {"datePublished": "2025-03-04T00:00:00+99:99", "dateModified": "-0001-01-01"})
    ),
    "time in controls": html(head="<meta property=article:published_time content='2025-03-04&#27;[31m'>"),
    "language of controls": html().replace("<html>", "<html lang='\x1b[31m&#8238;en'>"),
    "nothing but controls": "<!doctype html><title>\x1b</title><p>" + "\x1b[31m\x9b " * 1_000,
}
FEED = (
    '<rss version="2.0"><channel><title>Feed</title><item><title>{0}</title><description>{0}</description></item>'
    "</channel></rss>"
)
G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="1" '
    'standard="NewsML-G2"><itemMeta><itemClass '
    'qcode="ninat:text"/><title>{0}</title></itemMeta><contentMeta><headline>{0}</headline></contentMeta><contentSet>'
    '<inlineData contenttype="text/plain">{0}</inlineData></contentSet></newsItem>'
)
NITF = (
    "<nitf><body><body.head><hedline><hl1>{0}</hl1></hedline></body.head><body.content><p>{0}</p></body.content></body>"
    "</nitf>"
)
NEWSML = (
    '<NewsML Version="1.2"><NewsEnvelope/><NewsItem><NewsComponent><NewsLines><HeadLine>{0}</HeadLine></NewsLines>'
    "<ContentItem><DataContent><p>{0}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
)
XML = {"feed": FEED, "newsml-g2": G2, "nitf": NITF, "newsml": NEWSML}
LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
XML_TRICKS: dict[str, tuple[str, str, str]] = {
    "billion laughs": ("", f"[<!ENTITY l0 'ha'>{LAUGHS}]", "&l11;"),
    "quadratic laughs": ("", f"[<!ENTITY a '{'ha' * 50_000}'>]", "&a;" * 5_000),
    "external entity": ("", "[<!ENTITY a SYSTEM 'file:///etc/passwd'>]", "&a;"),
    "network entity": ("", "[<!ENTITY a SYSTEM 'http://127.0.0.1:9/x'>]", "&a;"),
    "parameter entity": ("", "[<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]", "x"),
    "external definition": ("", "SYSTEM 'http://127.0.0.1:9/x.dtd'", "x"),
    "style sheet": ("<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?>", "", "x"),
    "inclusion": ("", "", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>"),
    "deep elements": ("", "", "<a>" * 100_000),
    "deep closed elements": ("", "", "<a>" * 20_000 + "x" + "</a>" * 20_000),
    "many attributes": ("", "", "<a " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/>"),
    "many prefixes": ("", "", "".join(f"<a xmlns:p{n}='u{n}'/>" for n in range(20_000))),
    "markup as text": ("", "", "&lt;script&gt;alert(1)&lt;/script&gt;&#x202e;&#x9b;31m"),
    "control reference": ("", "", "&#27;[31m"),
    "open section": ("", "", "<![CDATA[" + "x" * 100_000),
}


def xml(kind: str, trick: str) -> str:
    """Return a document of a kind with a trick in it."""
    before, definition, inside = XML_TRICKS[trick]
    whole = XML[kind].replace("{0}", inside)
    root = re.split("[ >]", whole[1:])[0]
    return f"<?xml version='1.0'?>{before}" + (f"<!DOCTYPE {root} {definition}>" if definition else "") + whole
