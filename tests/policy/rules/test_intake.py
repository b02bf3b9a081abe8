"""Files brought to text with their spans, and hostile ones refused in words."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
import typst
from docx import Document

from tests.policy.gold import places
from tiddao.policy.rules import intake
from tiddao.policy.rules.intake import pasted, taken_in
from tiddao.policy.rules.intake_docx import LARGEST_UNPACKED
from tiddao.policy.rules.proposals import DayNamed, Directive, PersonNamed, PlaceNamed
from tiddao.policy.rules.reader import read_document
from tiddao.policy.rules.source_text import LONGEST_TEXT, IntakeRefused
from tiddao.ui import pdf as papers

THAI = "วันที่ ๒๒ พฤศจิกายน ๒๕๖๕ ณ ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย"


def word_file(*, table: bool = False) -> bytes:
    document = Document()
    document.add_heading("บันทึกการประชุม", level=1)
    document.add_paragraph(THAI)
    document.add_paragraph("ติดตามงาน", style="List Bullet")
    if table:
        made = document.add_table(rows=1, cols=2)
        made.cell(0, 0).text = "ครัวเรือน"
        made.cell(0, 1).text = "412 ครัวเรือน"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def repacked(content: bytes, extra: dict[str, bytes], *, without: str = "") -> bytes:
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != without:
                new.writestr(part.filename, old.read(part.filename))
        for name, data in extra.items():
            new.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    "content",
    [THAI.encode(), b"\xef\xbb\xbf" + THAI.encode(), THAI.encode("cp874"), THAI.encode("utf-16")],
    ids=["utf-8", "utf-8 with mark", "windows-874", "utf-16"],
)
def test_text_file_is_read_in_its_encoding(content: bytes) -> None:
    assert taken_in(content, name="ข่าว.txt").text == THAI


def test_word_file_gives_paragraphs_items_and_cells_in_order() -> None:
    source = taken_in(word_file(table=True), name="บันทึก.docx")
    assert source.text.split("\n") == [
        "บันทึกการประชุม", THAI, "– ติดตามงาน", "ครัวเรือน  412 ครัวเรือน",
    ]  # fmt: skip
    assert [block.kind for block in source.blocks] == ["heading", "paragraph", "item", "cell"]
    for block in source.blocks:
        assert source.text[block.span.start : block.span.end] in source.text.split("\n")


def test_pictures_are_left_out_and_said() -> None:
    content = repacked(word_file(), {"word/media/image1.png": b"x"})
    assert taken_in(content, name="a.docx").left_out == ("รูปภาพ 1 รูป (ไม่ได้อ่านข้อความในรูป)",)


def test_html_shows_what_a_reader_sees() -> None:
    page = f"""<!doctype html><html><head><meta charset="utf-8"><title>x</title><style>p{{}}</style></head>
    <body><h1>ข่าว</h1><script>alert("อันตราย")</script><p>วันที่ <b>๒๒ พฤศจิกายน</b> ๒๕๖๕</p>
    <ul><li>ข้อแรก</li><li>ข้อสอง</li></ul><p>&#3626;&#3623;&#3633;&#3626;&#3604;&#3637;<br>{THAI}</p></body></html>"""
    source = taken_in(page.encode(), name="ข่าว.html")
    assert source.text.split("\n") == [
        "ข่าว", "วันที่ ๒๒ พฤศจิกายน ๒๕๖๕", "– ข้อแรก", "– ข้อสอง", "สวัสดี", THAI,
    ]  # fmt: skip
    assert source.left_out == ("สคริปต์ 1 ชิ้น (ไม่รับและไม่เรียกใช้)",)


def test_html_nested_a_hundred_thousand_deep_is_refused_in_words() -> None:
    deep = b"<html><body>" + b"<div>" * 100_000 + THAI.encode() + b"</div>" * 100_000
    with pytest.raises(IntakeRefused) as refused:
        taken_in(deep, name="deep.html")
    assert refused.value.code in {"bomb", "damaged", "empty"}  # as the parser's own bounds have it


@pytest.mark.skipif(
    not papers.FONTS.is_dir(), reason="the fonts of papers are not built: tiddao assets"
)
def test_pdf_with_wrapped_lines_reads_like_the_text(tmp_path: Path) -> None:
    body = (Path(__file__).parent.parent / "texts/dev/01-news-learning-centre.txt").read_text(
        "utf-8"
    )
    written = tmp_path / "news.typ"
    paragraphs = "\n\n".join(body.split("\n"))
    written.write_text(
        f'#set text(font: "Sarabun", size: 16pt, lang: "th")\n#set par(justify: true)\n{paragraphs}',
        encoding="utf-8",
    )
    content = typst.compile(str(written), font_paths=[str(papers.FONTS)], ignore_system_fonts=True)
    source = taken_in(bytes(content), name="news.pdf")
    assert source.wraps
    from_pdf = read_document(source, places())
    from_text = read_document(pasted(body), places())

    def facts(reading):
        return (
            {
                (p.name, p.position.text if p.position else "")
                for p in reading.of("person")
                if isinstance(p, PersonNamed)
            },
            {p.code for p in reading.of("place") if isinstance(p, PlaceNamed)},
            {p.first for p in reading.of("date") if isinstance(p, DayNamed)},
            {p.due for p in reading.of("directive") if isinstance(p, Directive)},
        )

    assert facts(from_pdf) == facts(from_text)
    for proposal in from_pdf.proposals:
        assert from_pdf.quote(proposal.span).strip()


def pdf_of(objects: bytes) -> bytes:
    return b"%PDF-1.4\n" + objects + b"\ntrailer<</Root 1 0 R>>\n%%EOF"


HOSTILE = [
    ("too-large", "big.txt", b"x" * (intake.LARGEST_FILE + 1)),
    ("too-long", "long.txt", b"a" * (LONGEST_TEXT + 1)),
    ("empty", "empty.txt", b" \n\t"),
    ("not-text", "bytes.txt", b"abc\x00\x01\x02"),
    ("unknown-format", "sheet.xlsm", b"x"),
    ("wrong-extension", "paper.pdf", b"hello"),
    ("wrong-extension", "page.txt", b"<html><body>x</body></html>"),
    ("wrong-extension", "book.docx", repacked(word_file(), {}, without="word/document.xml")),
    ("wrong-extension", "word.pdf", word_file()),
    ("old-word", "old.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
    ("macros", "macros.docm", repacked(word_file(), {"word/vbaProject.bin": b"x"})),
    ("macros", "declared.docx", repacked(
        word_file(),
        {"[Content_Types].xml": b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'},
        without="[Content_Types].xml",
    )),
    ("damaged", "cut.docx", word_file()[:400]),
    ("damaged", "broken.pdf", pdf_of(b"1 0 obj<</Type/Catalog")),
    ("bomb", "bomb.docx", repacked(word_file(), {"word/x.xml": b"\x00" * (LARGEST_UNPACKED // 4)})),
    ("no-text-layer", "scan.pdf", pdf_of(
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj"
    )),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name", "content"), HOSTILE, ids=[f"{name} {code}" for code, name, _ in HOSTILE]
)
def test_file_that_cannot_be_read_is_refused_in_words(code: str, name: str, content: bytes) -> None:
    with pytest.raises(IntakeRefused) as refused:
        taken_in(content, name=name)
    assert refused.value.code == code
    assert any("ก" <= sign <= "๛" for sign in str(refused.value))


def test_entities_of_a_word_file_are_not_expanded() -> None:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    content = repacked(word_file(), {"word/document.xml": laughs}, without="word/document.xml")
    with pytest.raises(IntakeRefused) as refused:
        taken_in(content, name="laugh.docx")
    assert refused.value.code == "empty"


def test_pdf_bomb_ends_its_own_process_and_not_ours() -> None:
    packer = zlib.compressobj(9)
    drawn = b"BT /F1 12 Tf (aaaa) Tj ET\n" * 100_000
    packed = b"".join(packer.compress(drawn) for _ in range(200)) + packer.flush()
    content = pdf_of(
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj "
        b"4 0 obj<</Length "
        + str(len(packed)).encode()
        + b"/Filter/FlateDecode>>stream\n"
        + packed
        + b"\nendstream endobj "
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj"
    )
    assert len(content) < 2_000_000
    with pytest.raises(IntakeRefused) as refused:
        taken_in(content, name="bomb.pdf")
    assert refused.value.code in {"bomb", "too-long"}
