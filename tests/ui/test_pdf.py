"""Papers: made, read back, the same twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from tiddao.ui import pdf

pytestmark = pytest.mark.skipif(
    not pdf.FONTS.is_dir(), reason="the fonts of papers are not built: tiddao assets"
)

SAMPLE = "ui/typst/sample.typ"


def data(rows=5, **more):
    return {
        "title": "อำเภอพญาเม็งราย: ผลการประเมิน ปีงบประมาณ พ.ศ. 2566",
        "subtitle": "แบบประเมินอำเภอติดดาว (ข้อเสนอ)",
        "office": "สพอ.พญาเม็งราย",
        "as_of": date(2023, 9, 30),
        "source": "ระบบติดดาว",
        "stars": 3,
        "rate": Decimal("79.15"),
        "text": "นายอำเภอกล่าวว่า “การพัฒนาเริ่มจากคนในชุมชน”",
        "rows": [
            {"name": "บริหารดี", "share_words": f"{n}.25", "share": 0.9, "stars": None}
            for n in range(rows)
        ],
    } | more


def read(made):
    return PdfReader(BytesIO(made))


def test_paper_carries_its_title_headings_figures_and_own_fonts():
    paper = read(pdf.render_pdf(SAMPLE, data()))
    assert paper.metadata.title == data()["title"]
    assert [entry.title for entry in paper.outline if not isinstance(entry, list)] == [
        data()["title"]
    ]
    text = paper.pages[0].extract_text()
    for figure in ("79.15", "0.25", "4.25", "2566"):
        assert figure in text
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in paper.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"Sarabun-Regular", "Sarabun-Bold"}


def test_paper_is_a4_and_long_tables_go_on():
    paper = read(pdf.render_pdf(SAMPLE, data(rows=80)))
    assert len(paper.pages) == 3
    assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]
    assert "79.25" in paper.pages[2].extract_text()


def test_paper_of_the_same_data_is_the_same_to_the_byte():
    assert pdf.render_pdf(SAMPLE, data()) == pdf.render_pdf(SAMPLE, data())
    assert pdf.render_pdf(SAMPLE, data()) != pdf.render_pdf(SAMPLE, data(stars=4))


def test_paper_shows_days_in_buddhist_years_and_keeps_quotes_closed():
    text = pdf._as_json(
        {"d": date(2023, 9, 30), "m": datetime(2022, 12, 31, 18, tzinfo=UTC), "q": "“ก”"}
    )
    assert "30 ก.ย. 2566" in text
    assert "1 ม.ค. 2566 01:00 น." in text
    assert "ก\u2060”" in text


def test_paper_refuses_what_it_cannot_show():
    with pytest.raises(TypeError, match="set"):
        pdf.render_pdf(SAMPLE, data(rate={1}))
    with pytest.raises(FileNotFoundError, match=r"nothing\.typ"):
        pdf.render_pdf("ui/typst/nothing.typ", {})
    with pytest.raises(typst.TypstError):
        pdf.render_pdf(SAMPLE, {"title": "ขาดข้อมูล"})


def test_paper_that_typst_warns_of_is_not_made(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "ROOT", tmp_path)
    (tmp_path / "x.typ").write_text('#set text(font: "Nowhere Sans")\nx', "utf-8")
    with pytest.raises(UserWarning, match="unknown font"):
        pdf.render_pdf("x.typ", {})
