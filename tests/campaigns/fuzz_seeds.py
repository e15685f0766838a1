# ruff: noqa: E501 - what is one line in its format is one line here
"""Where fuzzing begins: small sources, with each feature of a format in one of them."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import warnings
import zipfile
from collections.abc import Mapping

import zstandard

TEXT = "The ferry sailed at dawn from the old harbour. It came back at dusk, and nobody had missed it."
RECORD = {
    "id": 7,
    "title": "Ferry sails",
    "body": f"<p>{TEXT}</p><p>A &amp; B</p>",
    "published": "2025-03-22T00:48:00+08:00",
    "updated": "Sat, 22 Mar 25 10:00:00 +0100",
    "source": "Harbour Wire",
    "section": "Sea",
    "url": "http://harbour.example/a",
    "authors": ["Mara Denholm", "Bo Byl"],
    "lang": "en",
    "dateline": "PORT ELSE, March 22",
}
_LINE = json.dumps(RECORD).encode() + b"\n"


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive, half of it compressed, whose members are of no time."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for nth, (name, content) in enumerate(members.items()):
            kind = zipfile.ZIP_STORED if nth % 2 else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return data.getvalue()


def _tarred(kind: int) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=kind, encoding="utf-8") as archive:
        for name in ("a/é.jsonl", "b.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(_LINE)
            archive.addfile(member, io.BytesIO(_LINE))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "b.txt"
        archive.addfile(link)
    return data.getvalue()[: 10 << 9]


def _page(head: str, body: str = "") -> bytes:
    story = f"<h1>Ferry sails</h1><p>{TEXT}</p><p>{TEXT[:46]}</p>"
    return f"<html lang=en><head>{head}</head><body><article>{story}{body}</article></body></html>".encode()


def _ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


_STATED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry sails",
    "datePublished": "2025-03-22T00:48:00+08:00",
    "dateModified": "2025-03-23",
    "author": [{"@type": "Person", "name": "Mara Denholm"}, "Bo Byl"],
    "publisher": {"@type": "Organization", "name": "Harbour Wire"},
    "articleSection": ["Sea"],
    "articleBody": TEXT * 3,
    "inLanguage": "en",
    "mainEntityOfPage": {"@type": "WebPage", "@id": "http://harbour.example/2025/03/22/a"},
}
_GRAPH = {"@graph": [{"@id": "#a", "@type": ["WebPage"], "name": "x"}, {**_STATED, "isPartOf": {"@id": "#a"}}]}
JSON_LD = [json.dumps(value).encode() for value in (_STATED, _GRAPH, [_STATED])]
PAGES = [
    _page(_ld(_STATED)),
    _page(_ld(_GRAPH)),
    _page(
        "<title>Ferry sails | Harbour Wire</title><meta charset=utf-8><link rel=canonical href='/a?b=1#c'>"
        "<base href='http://harbour.example/'><meta property='og:title' content='Ferry sails'>"
        "<meta property='og:site_name' content='Harbour Wire'><meta property='og:url' content='http://harbour.example/a'>"
        "<meta property='article:published_time' content='2025-03-22T00:48:00Z'>"
        "<meta name=author content='By Mara Denholm and Bo Byl'><meta name='dc.date' content='22.03.2025'>"
        "<meta name='parsely-page' content='{\"pub_date\": \"2025-03-22\"}'><meta property='article:section' content=Sea>"
    ),
    _page(
        "<title>Ferry</title>",
        "<time datetime='2025-03-22T10:00' pubdate>22 March</time><span itemscope itemtype='http://schema.org/Article'>"
        "<b itemprop=author>Bo Byl</b><b itemprop=datePublished content='2025-03-22'></b></span><a rel=author>Bo</a>",
    ),
    _page("<meta http-equiv=content-type content='text/html; charset=gb2312'>", "&#x1F600;&eacute;&#0;<br>東盟"),
    b"<html><body>" + b"<h2><a href=/a>Ferry sails again</a></h2>" * 9,
    b"<h1>404 not found</h1>",
]
SAVED_PAGES = [
    f"Skip to Content\nSea\nFerry sails\n2025-03-22 00:48 Last Updated At:02:17\n\nFerry sails\n\n{TEXT}\nFerry sails\n".encode(),
    f"Ferry sails\n\nPORT ELSE, Ore.--(BUSINESS WIRE)--May 6, 2025--{TEXT}\n\nNext Article\nMill\n2025-02-30\n".encode(),
    f"PORT ELSE, May 6 (Xinhua) -- {TEXT}\n\nRecommended Articles\nMill opens\nWho pays?\n".encode(),
    f"{TEXT}\nFerry sails again at noon\n{TEXT}\nFerry sails again at noon\n{TEXT}".encode(),
    "大桥下周一关闭维修一个月，渡轮每十分钟开出一班。\n2025-12-31 22:10 Last Updated At:01-01 09:05\n\u2028\x00\x0c".encode(),
]
QUERIES = [
    query.encode()
    for query in (
        'nvidia export -amd "export curbs"^2 =form ==US',
        "a AND (b OR c) NOT d && e || !f +g",
        "chip* *export wom?n nvidai~ nvidai~2",
        'chip NEAR/5 curbs "chip curbs"~5 a PRE/3 (b OR c)',
        "ATLEAST/3(nvidia) title:nvidia body:(chips exports) lead:tariff",
        'source:"Harbour Wire" section:China lang:en site:harbour.example file:pages/*.txt by:smith',
        "date:2025-03-22..2025-04-17 since:7d until:2025 after:yesterday before:2025-04 updated:24h..",
        "words:>300 words:300..500 no:author by:* no:date saved:chips",
        "AT&T U.S. C++ F-16 东盟 \\and \\chip* (a OR b)^0.5 ภาษา “x y” «z»",
    )
]
DATES = [
    date.encode()
    for date in (
        "2025-03-22T00:48:00.123+08:00",
        "20250322T004800Z",
        "Mon, 3 Feb 25 10:00:00 +0100 (CET)",
        "March 22nd, 2025 at 12:48 a.m. EST",
        "22 March 2025, 24:00",
        "Sat Mar 22 00:48:00 GMT 2025",
        "2025年3月22日 10:00",
        "03/04/2025 10:00",
        "2025-03-22 00:48 Last Updated At:02:17",
        "2025-W12",
        "last monday",
        "7d",
    )
]
SETTINGS = [
    b'tz = "Asia/Hong_Kong"\nlimit = 20\nsort = "newest"\nwidth = "80"\n',
    b'color = "never"\n[sources."harbour.example"]\nzone = "Europe/Berlin"\ndates = "day-first"\n',
    b"index = '''x'''\nhyperlinks = 'auto'\nformat = \"json\" # x\nassume_tz = \"\\u00e9\"\n",
]
SAVED = [
    json.dumps({"version": 2, "queries": {"chips": {"query": "nvidia OR amd", "check": 1}}}).encode(),
    json.dumps(
        {"version": 2, "queries": {"a-é": {"query": "saved:b", "check": 1}, "b": {"query": "x", "check": 2}}}
    ).encode(),
    json.dumps({"version": 9, "queries": []}).encode(),
]
TEXTS = [
    b"harbour \x1b[31m\x1b]8;;x\x07\xe2\x80\xae\xef\xbb\xbf\xf3\xa0\x81\x81",
    "=1+1 [bold]x[/] <b>\u200e\u2028\x85".encode(),
    b"\xed\xa0\xbd | ](x) # `\r\n\t\x7f",
]
MARKINGS = [
    f'ferry* "old harbour" -mill\0Ferry sails\0{TEXT}\n\n{TEXT[:46]}'.encode(),
    f"dawn NEAR/9 back title:ferry\0Ferry \x1b[31m\0{TEXT}".encode(),
    "東盟 OR häuser~ OR ==US\0東盟 US\0Häuser der U.S. 東盟峰会".encode(),
]
CHANGES = [f"{TEXT}\n\nSecond.\0{TEXT[:46]} It sank.\n\nSecond one.".encode(), "東盟峰会。\0東盟会。".encode()]
CHARSETS = [
    b"iso-8859-1\nna\xefve \x93x\x94",
    "gb2312\n东盟".encode("gb18030"),
    "shift_jis\n東京".encode("cp932"),
    b"utf-16\n" + "東京".encode("utf-16"),
    b"iso-2022-jp\n" + "東京".encode("iso2022_jp"),
    b"utf-7\n+ADw-",
    b"\n<meta charset='euc-kr'>" + "서울".encode("euc_kr"),
]

_MAIL = (
    "From: Mara Denholm <m@harbour.example>\nSubject: =?utf-8?q?Ferry_sails?=\nDate: Sat, 22 Mar 2025 00:48:00 +0800\n"
    "Message-ID: <1@harbour.example>\n"
)
_MULTIPART = (
    f"{_MAIL}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
    f"Content-Type: text/plain; charset=iso-8859-1; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\n{TEXT}=E9\n"
    f"--x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+RmVycnk8L3A+\n--x--\n"
)
_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n%s"


def _warc(kind: str, head: bytes, content: bytes, length: int | None = None) -> bytes:
    size = len(content) if length is None else length
    uri = "http://harbour.example/a"
    fields = (
        f"WARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2025-03-22T00:48:00Z\r\nContent-Length: {size}\r\n"
    )
    return b"WARC/1.0\r\n" + fields.encode() + head + b"\r\n" + content + b"\r\n\r\n"


def _response(head: bytes, body: bytes) -> bytes:
    return _warc("response", b"Content-Type: application/http; msgtype=response\r\n", _HTTP % (head, body))


_SMALL = b"<html><title>Ferry</title><p>It sailed at dawn.</p></html>"
_ARC = b"http://harbour.example/ 192.0.2.1 20250322004800 text/html %d\n%s\n"
_RSS = (
    f"<item><title>Ferry sails</title><link>http://harbour.example/a</link><guid>1</guid><author>Bo</author>"
    f"<pubDate>Sat, 22 Mar 2025 00:48:00 GMT</pubDate><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item>"
)
_NITF = (
    "<nitf xml:lang='en'><head><title>x</title><docdata><doc-id id-string='hw-17'/><date.issue norm='20250321T164800+0800'/>"
    "<doc.copyright holder='Harbour Wire'/></docdata><revision-history norm='20250321T170000+0800'/></head><body><body.head>"
    "<hedline><hl1>Ferry <em>sails</em></hl1></hedline><byline>By <person>Mara Denholm</person></byline><dateline>"
    f"<location>PORT ELSE</location></dateline></body.head><body.content><p>{TEXT}</p><ul><li>Ana</li></ul><table><tr><td>1"
    "</td></tr></table><p>a&nbsp;b<br/></p></body.content></body></nitf>"
)
_G2 = (
    "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:newsml:harbour.example:1' version='3' xml:lang='en'>"
    "<itemMeta><itemClass qcode='ninat:text'/><provider qcode='nprov:H'><name>Harbour Wire</name></provider><versionCreated>"
    "2025-03-21T18:17:00Z</versionCreated><pubStatus qcode='stat:usable'/></itemMeta><contentMeta><by>By Bo Byl</by>"
    "<language tag='en'/><subject type='cpnat:abstract'><name>sea</name></subject><headline>Ferry sails</headline></contentMeta>"
    "<contentSet>{}</contentSet></newsItem>"
)
_NEWSML = (
    "<NewsML><NewsItem xml:lang='en'><Identification><NewsIdentifier><ProviderId>harbour.example</ProviderId><DateId>20250321"
    "</DateId><NewsItemId>1</NewsItemId><RevisionId PreviousRevision='1' Update='N'>2</RevisionId><PublicIdentifier>urn:1"
    "</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><FirstCreated>20250321T164800+0000</FirstCreated>"
    "<ThisRevisionCreated>20250321T181700+0000</ThisRevisionCreated><Status FormalName='Usable'/></NewsManagement>"
    "<NewsComponent><NewsLines><HeadLine>Ferry</HeadLine><ByLine>By Bo</ByLine></NewsLines><NewsComponent><Role FormalName='Main'/>"
    "<ContentItem><MediaType FormalName='Text'/><DataContent>{}</DataContent></ContentItem></NewsComponent></NewsComponent>"
    "</NewsItem></NewsML>"
)
_NINJS = {
    "uri": "urn:1",
    "type": "text",
    "versioncreated": "2025-03-21T18:17:00Z",
    "firstcreated": "2025-03-21T16:48:00Z",
    "pubstatus": "usable",
    "headline": "Ferry",
    "byline": "By Bo",
    "subject": [{"name": "sea"}],
    "body_text": TEXT,
    "body_xhtml": f"<p>{TEXT}</p>",
    "headlines": [{"role": "main", "value": "Ferry"}],
    "bodies": [{"role": "main", "contenttype": "text/plain", "value": TEXT}],
    "infosources": [{"name": "Harbour Wire"}],
}
_REUTERS = (
    '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" OLDID="5544" NEWID="17">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n'
    "<TOPICS><D>ship</D></TOPICS>\n<UNKNOWN>&#5;f0704</UNKNOWN>\n<TEXT>&#2;\n<TITLE>FERRY &lt;FRY> SAILS</TITLE>\n<AUTHOR> By Bo Byl, "
    f"Reuters</AUTHOR>\n<DATELINE> PORT ELSE, Feb 26 - </DATELINE><BODY>{TEXT}\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"
)
_PDF_TEXT = b"BT /F1 12 Tf 72 720 Td (The ferry sailed.) Tj 0 -14 Td [(It) -250 (came)] TJ ET"
_PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"6 0 obj<</Title(Ferry)>>endobj\ntrailer<</Root 1 0 R/Info 6 0 R/Size 7>>\nstartxref\n0\n%%%%EOF\n"
) % (len(_PDF_TEXT), _PDF_TEXT)
_WORD = "http://schemas.openxmlformats.org"
_WORD_PARTS = {
    "[Content_Types].xml": (
        f"<Types xmlns='{_WORD}/package/2006/content-types'><Default Extension='rels' ContentType='application/vnd."
        "openxmlformats-package.relationships+xml'/><Override PartName='/w/d.xml' ContentType='application/vnd."
        "openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
    ).encode(),
    "_rels/.rels": (
        f"<Relationships xmlns='{_WORD}/package/2006/relationships'><Relationship Id='r1' Type='{_WORD}/officeDocument/2006/"
        "relationships/officeDocument' Target='w/d.xml'/></Relationships>"
    ).encode(),
}


def in_word(text: bytes) -> bytes:
    """Return a Word document whose text, in its XML, is this."""
    return zipped(_WORD_PARTS | {"w/d.xml": text})


def _word_text(body: str) -> bytes:
    names = f"xmlns:w='{_WORD}/wordprocessingml/2006/main' xmlns:m='{_WORD}/markup-compatibility/2006'"
    return f"<w:document {names}><w:body>{body}</w:body></w:document>".encode()


_RUN = "<w:r><w:t>It sailed.</w:t></w:r>"
WORD_TEXTS = [
    _word_text(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    _word_text(
        f"<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr>{_RUN}</w:p><w:sdt><w:sdtContent><w:p>{_RUN}</w:p></w:sdtContent></w:sdt>"
        f"<w:p>{_RUN}<w:ins>{_RUN}</w:ins><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:moveFrom>{_RUN}</w:moveFrom></w:p>"
    ),
    _word_text(
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='9'/><w:vMerge/></w:tcPr><w:p>{_RUN}</w:p></w:tc><w:tc><w:p>{_RUN}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{_RUN}</w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
    ),
    _word_text(
        f"<w:p><w:r><m:AlternateContent><m:Choice><w:txbxContent><w:p>{_RUN}</w:p></w:txbxContent></m:Choice><m:Fallback>{_RUN}"
        f"</m:Fallback></m:AlternateContent><w:tab/><w:br/></w:r><w:r><w:ruby><w:rt>{_RUN}</w:rt><w:rubyBase>{_RUN}</w:rubyBase>"
        "</w:ruby></w:r><w:hyperlink><w:r><w:noBreakHyphen/><w:cr/></w:r></w:hyperlink></w:p>"
    ),
]
"""Of Word documents."""
_MARKDOWN = (
    f"---\ntitle: Ferry\ndate: 2025-03-22 10:00\nauthors: [Bo, {{name: Mara}}]\ntags: x\n---\n\n# Ferry *sails*\n\n{TEXT}\n\n> a `b`\n"
    "\n- [x](http://a)\n1. ![y](z)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx\n```\n<b>c</b>\n\n***\n"
)
_FEED_JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Harbour Wire",
    "items": [
        {
            "id": 1,
            "url": "http://a",
            "title": "Ferry",
            "content_html": f"<p>{TEXT}</p>",
            "date_published": "2025-03-22T00:48:00Z",
        },
        {"id": "2", "content_text": TEXT, "authors": [{"name": "Bo"}], "date_modified": "x"},
    ],
}
FORMATS: dict[str, list[bytes]] = {
    "text": SAVED_PAGES,
    "markdown": [
        _MARKDOWN.encode(),
        b"+++\ntitle = 'Ferry'\ndate = 2025-03-22\n+++\nIt sailed.\n",
        b"Ferry\n=====\n\nIt sailed.\n",
    ],
    "html": PAGES,
    "pdf": [_PDF],
    "docx": [in_word(WORD_TEXTS[0])],
    "jsonl": [_LINE, _LINE + b'{"title": "\\ud83d", "body": null, "published": "3/4/2025"}\n{broken\n\n[1]\n'],
    "json": [
        b"[" + _LINE + b", " + _LINE + b"]",
        json.dumps(RECORD, indent=1).encode(),
        b'[{"a": [1e9, {"b": null}]}, 1]',
    ],
    "csv": [
        f'id,title,body,published,authors\n1,Ferry,"{TEXT}\n\nNo, ""yes""",2025-03-22,Bo\n2,Mill,x\n'.encode(),
        b"title\tbody\tpublished\nFerry\tIt sailed\t22 March 2025\n",
        b"title;body\r\nFerry;'x'\r\n",
        b'title,body\rFerry,"It sailed\rat dawn."\r',
    ],
    "feed": [
        f"<rss version='2.0'><channel><title>Harbour Wire</title><language>en</language>{_RSS}</channel></rss>".encode(),
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>H</title><entry><id>1</id><title type='html'>F</title><updated>2025-03-22T00:48:00Z"
        f"</updated><author><name>Bo</name></author><content type='xhtml'><div>{TEXT}</div></content></entry></feed>".encode(),
        (
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
            b"xmlns:dc='http://purl.org/dc/elements/1.1/'><item><title>F</title><dc:date>2025-03-22</dc:date></item></rdf:RDF>"
        ),
        json.dumps(_FEED_JSON).encode(),
    ],
    "warc": [
        _warc("warcinfo", b"", b"software: x\r\n") + _response(b"", _SMALL),
        _response(b"Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(_SMALL), _SMALL)),
        _response(b"Content-Encoding: gzip\r\n", gzip.compress(_SMALL, mtime=0)),
        _warc("resource", b"Content-Type: text/html\r\n", _SMALL) + _warc("request", b"", b"GET / HTTP/1.1\r\n\r\n"),
        gzip.compress(_response(b"", _SMALL), mtime=0) + gzip.compress(_warc("revisit", b"", b""), mtime=0),
        _ARC % (len(_SMALL), _SMALL),
    ],
    "mail": [
        f"{_MAIL}\n{TEXT}\n".encode(),
        _MULTIPART.encode(),
        f"From m@harbour.example Sat Mar 22 00:48:00 2025\n{_MAIL}\n{TEXT}\n>From x\n\nFrom b@c Sat Mar 22 00:48:00 2025\n{_MULTIPART}".encode(),
    ],
    "newsml-g2": [
        _G2.format(content).encode()
        for content in (f"<inlineData contenttype='text/plain'>{TEXT}</inlineData>", f"<inlineXML>{_NITF}</inlineXML>")
    ],
    "newsml": [
        _NEWSML.format(content).encode() for content in (_NITF, f"<p>{TEXT}</p>", f"<![CDATA[<p>{TEXT}</p>]]>", TEXT)
    ],
    "nitf": [f"<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'nitf-3-4.dtd'>{_NITF}".encode()],
    "ninjs": [json.dumps(_NINJS).encode(), json.dumps([_NINJS]).encode()],
    "reuters": [_REUTERS.encode("latin-1")],
}
COMPRESSED = [
    gzip.compress(_LINE, mtime=0) + b"\0" * 9 + gzip.compress(_LINE, mtime=0),
    bz2.compress(_LINE),
    lzma.compress(_LINE),
    zstandard.compress(_LINE) + zstandard.compress(_LINE),
    gzip.compress(bz2.compress(_LINE), mtime=0),
    zstandard.ZstdCompressor(write_checksum=True).compress(_LINE),
]
ARCHIVES = [
    zipped(
        {
            "a.jsonl": _LINE,
            "b/é.txt": _LINE,
            ".hidden": b"",
            "c.zip": zipped({"a.jsonl.gz": gzip.compress(_LINE, mtime=0)}),
        }
    ),
    zipped({"mimetype": b"application/epub+zip", "xl/workbook.xml": b"<x/>"}),
]
TARS = [_tarred(kind) for kind in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)]
NAMED = [
    name.encode() + b"\n" + data
    for name, data in (
        ("a.jsonl", _LINE),
        ("a.csv", FORMATS["csv"][0]),
        ("a.md", FORMATS["markdown"][0]),
        ("a.xml", FORMATS["feed"][0]),
        ("a.txt", "\ufeffFerry\n2025-03-22\n\nIt sailed.".encode("utf-16")),
        ("a", FORMATS["warc"][0]),
        ("a.eml", FORMATS["mail"][0]),
        ("a.sgm", FORMATS["reuters"][0]),
        ("a.html", PAGES[0]),
        ("a.json", FORMATS["ninjs"][0]),
    )
]
