"""Templates of an office: tried, put in force, taken back; hostile ones refused on the page."""

from __future__ import annotations

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.persons import make_person, signed_in
from tests.policy.papers.acts import (
    AT,
    cost,
    sender_of,
    template_file,
    template_of,
    text_of_word,
    uploaded,
)
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.policy.actions.papers import (
    PaperRefused,
    drop_template,
    put_template_in_force,
    return_to_standard,
)
from tiddao.policy.models import OfficeTemplate
from tiddao.policy.queries.papers import in_force_at, set_with

pytestmark = pytest.mark.django_db


def page_of(user, office="CDD-57", kind="minutes"):
    return signed_in(user), reverse("paper-template", args=[office, kind])


def test_a_template_is_tried_seen_and_put_in_force(provincial_head, district_head) -> None:
    client, address = page_of(provincial_head)
    tried = client.post(
        address, {"file": uploaded(template_file("แบบของเรา {{ heading }} {{ day }}"))}
    )
    version = OfficeTemplate.objects.get()
    assert tried["Location"] == reverse("paper-template-version", args=[version.pk])
    assert in_force_at("57")["minutes"].id is None
    page = client.get(tried["Location"]).content.decode()
    assert "แบบของเรา รายงานการประชุมประจำเดือนสำนักงานพัฒนาชุมชนจังหวัด" in page
    assert "ผู้ไม่มาประชุม" in page  # among the fields that it leaves out
    sample = client.get(reverse("paper-template-sample", args=[version.pk])).content
    assert "วันอังคารที่ ๒๐ ธันวาคม ๒๕๖๕" in text_of_word(sample)
    assert client.post(reverse("paper-template-in-force", args=[version.pk])).status_code == 302
    assert in_force_at("57")["minutes"].number == 1
    assert in_force_at("5712")["minutes"].office == "CDD-57"  # districts follow their province
    assert in_force_at("50")["minutes"].id is None
    below = signed_in(district_head).get(reverse("paper-template", args=["CDD-5712", "minutes"]))
    assert "ของสำนักงานพัฒนาชุมชนจังหวัดเชียงราย ฉบับที่ 1" in below.content.decode()
    assert set(Entry.objects.values_list("act", flat=True)) >= {
        "try_paper_template",
        "put_paper_template_in_force",
    }


def test_what_is_in_force_is_handed_out_to_be_changed(provincial_head) -> None:
    client = signed_in(provincial_head)
    present = reverse("paper-template-present", args=["CDD-57", "memo"])
    standard = client.get(present).content
    assert "{{ subject }}" in text_of_word(standard)
    template_of(provincial_head, "ของเรา {{ subject }}", kind="memo", in_force=True)
    assert text_of_word(client.get(present).content) == "ของเรา {{ subject }}"
    again = client.post(
        reverse("paper-template", args=["CDD-57", "memo"]), {"file": uploaded(standard)}
    )
    assert again.status_code == 302  # the product's own template is one that it takes in


def test_back_to_the_standard_is_one_act_and_history_stays(provincial_head) -> None:
    first = template_of(provincial_head, "หนึ่ง {{ heading }}", in_force=True)
    second = template_of(provincial_head, "สอง {{ heading }}", in_force=True)
    first.refresh_from_db()
    assert first.retired_at == AT
    assert set_with("57", "minutes")[0] == second.blob_id
    client = signed_in(provincial_head)
    client.post(reverse("paper-template-standard", args=["CDD-57", "minutes"]))
    assert set_with("57", "minutes") == ("", "")
    page = client.get(reverse("paper-template", args=["CDD-57", "minutes"])).content.decode()
    assert "แม่แบบมาตรฐานของระบบ" in page
    assert page.count("เคยใช้") == 2
    client.post(reverse("paper-template-in-force", args=[first.pk]))  # an earlier one again
    assert set_with("57", "minutes")[0] == first.blob_id
    _sender, by, _post = sender_of(provincial_head)
    assert return_to_standard("CDD-57", "minutes", by=by, at=AT)
    assert not return_to_standard("CDD-57", "minutes", by=by, at=AT)


def test_one_that_was_given_up_does_not_come_into_force(provincial_head) -> None:
    made = template_of(provincial_head, "{{ heading }}")
    _sender, by, _post = sender_of(provincial_head)
    drop_template(made.pk, by=by, at=AT)
    with pytest.raises(PaperRefused, match="retired-already"):
        put_template_in_force(made.pk, by=by, at=AT)
    in_force = template_of(provincial_head, "{{ heading }}", in_force=True)
    with pytest.raises(PaperRefused, match="retired-already"):
        drop_template(in_force.pk, by=by, at=AT)
    assert put_template_in_force(in_force.pk, by=by, at=AT).in_force_at == AT


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (template_file("{{ ''.__class__.__mro__ }}"), "a.docx", "แม่แบบใช้ได้เฉพาะช่องข้อความ"),
        (template_file("{{ subjekt }}"), "a.docx", "ไม่มีช่องชื่อ subjekt"),
        (template_file("{{ heading"), "a.docx", "เขียนไม่ครบหรือไม่ถูก"),
        (template_file("ไม่มีช่อง"), "a.docx", "ไม่พบช่องเติมข้อความ"),
        (b"MZ\x90\x00 program", "a.docx", "ไม่ใช่เอกสาร Word"),
        (b"%PDF-1.7 %%EOF", "a.docx", "ไม่ใช่เอกสาร Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a.docm", "รุ่นเก่าหรือใส่รหัสผ่าน"),
    ],
)
def test_hostile_templates_are_refused_on_the_page(provincial_head, content, name, said) -> None:
    client, address = page_of(provincial_head)
    answer = client.post(address, {"file": uploaded(content, name)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OfficeTemplate.objects.exists()


class Huge(io.RawIOBase):
    """200 MB that nobody has: it says its size and counts what is read of it."""

    size = 200 * 1024 * 1024
    name = "a.docx"
    content_type = "application/octet-stream"
    charset = None
    content_type_extra = None
    asked = 0

    def read(self, count: int = -1) -> bytes:
        self.asked += count
        raise AssertionError("a file of 200 MB is refused by its size, unread")


def test_200_megabytes_are_refused_before_a_byte_is_read() -> None:
    from tiddao.policy.forms.papers import TemplateForm

    for kind in ("minutes", "emblem"):
        huge = Huge()
        form = TemplateForm(kind, {}, {"file": huge}, at=AT)
        assert not form.is_valid()
        assert "ใหญ่กว่า" in str(form.errors)
        assert huge.asked == 0


def test_a_bomb_is_refused_and_nothing_is_kept(provincial_head, files) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "x")
        package.writestr("word/document.xml", b" " * (80 * 1024 * 1024))
    client, address = page_of(provincial_head)
    answer = client.post(address, {"file": uploaded(out.getvalue())})
    assert answer.status_code == 422
    assert "ขยายแล้วใหญ่ผิดปกติ" in answer.content.decode()
    assert not list(files.rglob("*"))


def test_an_emblem_is_a_picture_and_stands_on_letters(provincial_head) -> None:
    client, address = page_of(provincial_head, kind="emblem")
    wrong = client.post(address, {"file": uploaded(template_file("{{ subject }}"), "a.png")})
    assert wrong.status_code == 422
    assert "ใช้ที่นี่ไม่ได้" in wrong.content.decode()
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(picture, "PNG")
    file = SimpleUploadedFile("ตรา.png", picture.getvalue())
    page = client.post(address, {"file": file}, follow=True)
    version = OfficeTemplate.objects.get()
    assert page.status_code == 200
    sample = client.get(reverse("paper-template-sample", args=[version.pk]))
    assert sample["Content-Type"] == "application/pdf"
    assert sample.content.startswith(b"%PDF")
    client.post(reverse("paper-template-in-force", args=[version.pk]))
    assert set_with("5712", "letter") == ("", version.blob_id)
    kept = client.get(reverse("paper-template-present", args=["CDD-57", "emblem"]))
    assert kept.content == picture.getvalue()


def test_who_may_not_replace_sees_and_who_is_outside_sees_nothing(
    provincial_head, district_head, stranger
) -> None:
    made = template_of(provincial_head, "{{ heading }}")
    director = make_person(Role.GROUP_DIRECTOR, "CDD-57")
    client, address = page_of(director)
    page = client.get(address).content.decode()
    assert "ทดลองแบบใหม่" not in page
    assert (
        client.post(address, {"file": uploaded(template_file("{{ heading }}"))}).status_code == 403
    )
    for name in ("in-force", "drop"):
        assert client.post(reverse(f"paper-template-{name}", args=[made.pk])).status_code == 403
    for user in (district_head, stranger):  # tried only: nobody else's business
        client, address = page_of(user)
        assert client.get(address).status_code == 404
        for name in ("version", "file", "sample"):
            there = reverse(f"paper-template-{name}", args=[made.pk])
            assert client.get(there).status_code == 404
    made_there = template_of(provincial_head, "{{ heading }}", in_force=True)
    seen = reverse("paper-template-version", args=[made_there.pk])
    assert signed_in(district_head).get(seen).status_code == 200
    assert signed_in(stranger).get(seen).status_code == 404
    assert (
        signed_in(provincial_head).get(reverse("paper-template", args=["CDD-57", "x"])).status_code
        == 404
    )


def test_pages_name_what_is_not_confirmed(provincial_head) -> None:
    client = signed_in(provincial_head)
    for address in (
        reverse("paper-templates"),
        reverse("paper-template", args=["CDD-57", "letter"]),
    ):
        page = client.get(address).content.decode()
        assert "ยังไม่ได้ยืนยันกับระเบียบงานสารบรรณ" in page
        assert "29 พอยต์" in page
    present = client.get(reverse("paper-template-present", args=["CDD-57", "letter"])).content
    assert "ยังไม่ได้ยืนยัน" in docx.Document(io.BytesIO(present)).core_properties.comments


def test_template_pages_cost_the_same_for_any_number_of_versions(provincial_head) -> None:
    client, address = page_of(provincial_head)
    template_of(provincial_head, "1 {{ heading }}")
    once = cost(client, address)
    for number in range(2, 5):
        template_of(provincial_head, f"{number} {{{{ heading }}}}")
    assert cost(client, address) == once <= 16
    assert cost(client, reverse("paper-templates")) <= 14
