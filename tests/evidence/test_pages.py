"""The pages as three people: a district's head, the province's, and a stranger; and what they cost."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.evidence.files import AT, OFFICER, exif_of, handed_in, pdf, photo
from tests.persons import make_person, signed_in
from tiddao.evidence.actions.proving import attach_evidence
from tiddao.evidence.models import Evidence, EvidenceUse, EvidenceVersion
from tiddao.ledger.models import Entry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db


def attach(evidence_id, key="5712/a", place="5712") -> int:
    return attach_evidence(
        evidence_id, subject_kind="task", subject_key=key, place=place, by=OFFICER, at=AT
    )


def upload(content: bytes, name: str = "ภาพ.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def answer(client, address) -> tuple[int, bytes]:
    """Status and content; a streamed file is read to its end, which closes it."""
    response = client.get(address)
    streamed = getattr(response, "streaming", False)
    return response.status_code, b"".join(response) if streamed else response.content


# -- three people ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "route", ["evidence-item", "evidence-file", "evidence-picture", "evidence-thumbnail"]
)
def test_a_proof_is_open_to_its_places_people_and_to_nobody_else(
    route, provincial_head, district_head, stranger
):
    added = handed_in()
    values = [added.evidence_id] if route == "evidence-item" else [added.evidence_id, 1]
    address = reverse(route, args=values)
    neighbour = make_person(Role.DISTRICT_HEAD, "CDD-5713")
    people = (district_head, provincial_head, stranger, neighbour)
    assert [answer(signed_in(one), address)[0] for one in people] == [200, 200, 404, 404]


def test_a_proof_is_open_to_whoever_sees_what_it_proves(tasks):
    added = handed_in(place="57")
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    address = reverse("evidence-item", args=[added.evidence_id])
    assert signed_in(officer).get(address).status_code == 404
    use = attach(added.evidence_id)
    other = attach(added.evidence_id, "5713/b", place="5713")
    page = signed_in(officer).get(address)
    assert page.status_code == 200
    assert "งาน 5712/a" in page.text
    assert "5713/b" not in page.text  # another district's business is counted, not named
    assert "และอีก 1 เรื่องนอกพื้นที่ของท่าน" in page.text
    EvidenceUse.objects.filter(pk__in=[use, other]).update(
        ended_at=AT, ended_by="user:1", end_reason="จบ"
    )
    assert signed_in(officer).get(address).status_code == 404


def test_lists_and_searches_name_nothing_of_others(stranger, district_head):
    handed_in(title="ลับเฉพาะพญาเม็งราย")
    for query in ("", "?q=ลับเฉพาะ", "?kind=file", "?state=unused"):
        assert "พญาเม็งราย" not in signed_in(stranger).get(reverse("evidence") + query).text
        assert "ลับเฉพาะ" in signed_in(district_head).get(reverse("evidence") + query).text


def test_only_those_who_check_get_the_original_with_its_metadata(district_head):
    content = photo(exif=exif_of(where=(19.85, 100.15)))
    address = reverse("evidence-file", args=[handed_in(content).evidence_id, 1])
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    auditor = make_person(Role.AUDITOR, "CDD")
    for person in (district_head, auditor):
        assert answer(signed_in(person), address)[1] == content
    got = answer(signed_in(officer), address)[1]
    assert got != content
    assert b"SECRET-DESCRIPTION" in content
    assert b"SECRET-DESCRIPTION" not in got
    with Image.open(io.BytesIO(got)) as copy:
        assert not copy.getexif()
    page = signed_in(officer).get(reverse("evidence-item", args=[Evidence.objects.get().pk])).text
    assert "19.85" not in page
    assert "สำเนาที่ตัดข้อมูลของกล้องออกแล้ว" in page


def test_whoever_handed_a_photo_in_gets_their_own_original():
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    client = signed_in(officer)
    content = photo(exif=exif_of())
    client.post(reverse("evidence-add"), {"place": "5712", "photo": upload(content)})
    evidence = Evidence.objects.get()
    assert evidence.title == "ภาพ"
    assert answer(client, reverse("evidence-file", args=[evidence.pk, 1]))[1] == content


# -- files to the browser --------------------------------------------------------------------------


def test_a_download_runs_nowhere(district_head):
    added = handed_in(pdf(), title="สัญญา")
    response = signed_in(district_head).get(reverse("evidence-file", args=[added.evidence_id, 1]))
    assert b"".join(response).startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_only_pictures_are_ever_shown_inline(district_head):
    client = signed_in(district_head)
    image, paper = handed_in(), handed_in(pdf())
    for page in ("evidence-picture", "evidence-thumbnail"):
        shown = client.get(reverse(page, args=[image.evidence_id, 1]))
        assert (shown["Content-Type"], shown["Content-Disposition"]) == ("image/jpeg", "inline")
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert client.get(reverse(page, args=[paper.evidence_id, 1])).status_code == 404


def test_a_lost_file_is_a_404_and_no_crash(district_head, files):
    added = handed_in()
    for stored in files.rglob("*"):
        if stored.is_file():
            stored.unlink()
    client = signed_in(district_head)
    assert client.get(reverse("evidence-file", args=[added.evidence_id, 1])).status_code == 404
    assert client.get(reverse("evidence-item", args=[added.evidence_id])).status_code == 200


# -- handing in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "photo.png", "หน้าเว็บ (HTML)"),
        (b"MZ" + b"\0" * 200, "report.pdf", "โปรแกรม Windows"),
        (b"", "empty.jpg", "ว่างเปล่า"),
        (photo()[:2000], "cut.jpg", "เสียหรือขาดหาย"),
    ],
)
def test_a_refusal_says_what_was_found_and_writes_nothing(
    district_head, files, content, name, words
):
    response = signed_in(district_head).post(
        reverse("evidence-add"), {"place": "5712", "file": upload(content, name)}
    )
    assert response.status_code == 422
    assert words in response.text
    assert not Evidence.objects.exists()
    assert not files.exists()


def test_exactly_one_thing_is_handed_in(district_head):
    client = signed_in(district_head)
    both = {"place": "5712", "file": upload(pdf(), "a.pdf"), "link": "https://cdd.go.th/"}
    assert "ใส่อย่างเดียว" in client.post(reverse("evidence-add"), both).text
    assert "โปรดถ่ายภาพ" in client.post(reverse("evidence-add"), {"place": "5712"}).text
    assert (
        "ลิงก์ต้องขึ้นต้น"
        in client.post(
            reverse("evidence-add"), {"place": "5712", "link": "javascript:alert(1)"}
        ).text
    )
    assert not Evidence.objects.exists()


def test_nobody_hands_in_for_another_office(district_head):
    response = signed_in(district_head).post(
        reverse("evidence-add"), {"place": "57", "link": "https://cdd.go.th/"}
    )
    assert response.status_code == 422
    assert not Evidence.objects.exists()


def test_a_newer_version_and_its_expiry(district_head):
    client = signed_in(district_head)
    added = handed_in(pdf(), effective_on=date(2022, 10, 1))
    item = reverse("evidence-item", args=[added.evidence_id])
    client.post(
        reverse("evidence-version-add", args=[added.evidence_id]),
        {"file": upload(pdf(), "ฉบับแก้.pdf"), "effective_on": "1/10/2566"},
    )
    assert EvidenceVersion.objects.count() == 2
    early = client.post(
        reverse("evidence-expiry", args=[added.evidence_id]), {"expires_on": "30/9/2566"}
    )
    assert early.status_code == 422
    client.post(reverse("evidence-expiry", args=[added.evidence_id]), {"expires_on": "30/9/2567"})
    assert Evidence.objects.get().expires_on == date(2024, 9, 30)
    page = client.get(item).text
    assert "ฉบับแก้.pdf" in page
    assert "หมดอายุแล้ว 30 ก.ย. 67" in page
    assert list(Entry.objects.filter(on__startswith="evidence:").order_by("pk").values_list("act", flat=True)) == [
        "add_evidence", "add_evidence_version", "set_evidence_expiry",
    ]  # fmt: skip


# -- attaching on the page of a thing --------------------------------------------------------------


def test_attach_a_photo_then_use_it_again_then_detach_it(district_head, tasks):
    client = signed_in(district_head)
    address = reverse("evidence-attach", args=["task", "5712/a"])
    page = client.get(address).text
    assert 'capture="environment"' in page
    assert "ยังไม่มีหลักฐานแนบ" in page
    done = client.post(address, {"photo": upload(photo()), "effective_on": "14/3/2566"})
    assert (done.status_code, done["Location"]) == (302, "/places/5712/")
    evidence = Evidence.objects.get()
    again = reverse("evidence-attach", args=["task", "5712/b"])
    client.post(again, {"existing": evidence.pk, "note": "ภาพเดียวกัน"})
    assert EvidenceUse.objects.count() == 2
    assert "ภาพเดียวกัน" in client.get(again).text
    use = EvidenceUse.objects.get(subject_key="5712/b")
    detach = reverse("evidence-detach", args=[use.pk])
    assert client.post(detach, {"reason": ""}).status_code == 422
    client.post(detach, {"reason": "แนบผิด"})
    assert client.post(detach, {"reason": "ซ้ำ"})["Location"] == "/places/5712/"
    assert "ยังไม่มีหลักฐานแนบ" in client.get(again).text
    assert "แนบผิด" in client.get(reverse("evidence-item", args=[evidence.pk])).text


def test_the_proof_belongs_to_the_nearest_office(district_head, tasks):
    signed_in(district_head).post(
        reverse("evidence-attach", args=["task", "571203/a"]), {"link": "https://cdd.go.th/news/1"}
    )
    assert Evidence.objects.get().place_id == "5712"
    assert EvidenceUse.objects.get().place_id == "571203"


def test_a_closed_thing_takes_nothing(district_head, tasks):
    use = attach(handed_in().evidence_id)
    tasks.closed["5712/a"] = "รอบนี้ปิดแล้ว"
    client = signed_in(district_head)
    address = reverse("evidence-attach", args=["task", "5712/a"])
    page = client.get(address).text
    assert "รอบนี้ปิดแล้ว" in page
    assert "แนบหลักฐาน</summary>" not in page
    assert client.post(address, {"link": "https://cdd.go.th/"}).status_code == 403
    detach = reverse("evidence-detach", args=[use])
    assert client.post(detach, {"reason": "x"}).status_code == 403
    assert EvidenceUse.objects.get().ended_at is None


def test_things_of_others_and_unknown_things_are_404(stranger, district_head, tasks):
    use = attach(handed_in().evidence_id)
    address = reverse("evidence-attach", args=["task", "5712/a"])
    detach = reverse("evidence-detach", args=[use])
    client = signed_in(stranger)
    for one in (address, detach):
        assert client.get(one).status_code == 404
        assert client.post(one, {"link": "https://cdd.go.th/", "reason": "x"}).status_code == 404
    unknown = reverse("evidence-attach", args=["nothing", "5712/a"])
    assert signed_in(district_head).get(unknown).status_code == 404
    assert EvidenceUse.objects.get().ended_at is None


def test_somebody_elses_proof_cannot_be_attached(district_head, tasks):
    theirs = handed_in(place="50")
    response = signed_in(district_head).post(
        reverse("evidence-attach", args=["task", "5712/a"]), {"existing": theirs.evidence_id}
    )
    assert response.status_code == 422
    assert not EvidenceUse.objects.exists()


def test_an_inspector_looks_and_does_nothing(tasks):
    added = handed_in()
    use = attach(added.evidence_id)
    inspector = signed_in(make_person(Role.INSPECTOR, "CDD"))
    page = inspector.get(reverse("evidence-item", args=[added.evidence_id])).text
    assert "ฉบับใหม่</h2>" not in page
    assert reverse("evidence-detach", args=[use]) not in page
    for name, values in (
        ("evidence-version-add", [added.evidence_id]),
        ("evidence-expiry", [added.evidence_id]),
        ("evidence-detach", [use]),
    ):
        answer = inspector.post(reverse(name, args=values), {"reason": "x"})
        assert answer.status_code == 403, name
    assert inspector.get(reverse("evidence-add")).status_code == 403


# -- what pages cost, and what they remind of ------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(
    district_head, django_assert_num_queries, n
):
    for number in range(n):
        attach(handed_in(seed=number, title=f"หลักฐาน {number}").evidence_id, f"5712/{number}")
    client = signed_in(district_head)
    client.get(reverse("evidence"))
    with django_assert_num_queries(6):  # session, user, posts; count, rows, names
        page = client.get(reverse("evidence")).text
    assert page.count("thumbnail.jpg") == n


@pytest.mark.parametrize("n", [1, 3])
def test_one_proofs_page_costs_the_same_for_any_number_of_uses(
    district_head, django_assert_num_queries, tasks, n
):
    added = handed_in()
    for number in range(n):
        attach(added.evidence_id, f"5712/{number}")
    client = signed_in(district_head)
    address = reverse("evidence-item", args=[added.evidence_id])
    client.get(address)
    tasks.asked = 0
    with django_assert_num_queries(8):  # session, user, posts; access; item, versions, uses, names
        page = client.get(address).text
    assert page.count('">งาน 5712/') == n
    assert tasks.asked == 1


@pytest.mark.parametrize("n", [1, 3])
def test_a_things_proofs_cost_the_same_for_any_number_of_rows(
    district_head, django_assert_num_queries, tasks, n
):
    for number in range(n):
        attach(handed_in(seed=number).evidence_id)
    client = signed_in(district_head)
    address = reverse("evidence-attach", args=["task", "5712/a"])
    client.get(address)
    with django_assert_num_queries(5):  # session, user, posts; uses; what may be chosen
        page = client.get(address).text
    assert page.count("thumbnail.jpg") == n


def test_home_reminds_of_what_expires_soon(district_head, stranger):
    today = timezone.localdate()
    handed_in(seed=1, title="ใกล้หมด", expires_on=today + timedelta(days=10))
    handed_in(seed=2, title="เพิ่งหมด", expires_on=today - timedelta(days=3))
    handed_in(seed=3, title="อีกนาน", expires_on=today + timedelta(days=300))
    handed_in(seed=4, title="นานแล้ว", expires_on=today - timedelta(days=300))
    home = signed_in(district_head).get("/").text
    assert "หลักฐานใกล้หมดอายุ" in home
    assert "ใกล้หมด</a>" in home
    assert home.index("เพิ่งหมด") < home.index("ใกล้หมด</a>")
    assert "อีกนาน" not in home
    assert "นานแล้ว" not in home
    assert "หลักฐานใกล้หมดอายุ" not in signed_in(stranger).get("/").text
    client = signed_in(district_head)
    assert "เพิ่งหมด" in client.get(reverse("evidence") + "?state=expired").text
    assert "เพิ่งหมด" not in client.get(reverse("evidence") + "?state=expiring").text


def test_filters_find_by_name_kind_and_state(district_head, outlines):
    client = signed_in(district_head)
    handed_in("https://cdd.go.th/plan", title="แผนบนเว็บ")
    handed_in(photo(exif=exif_of(where=(13.75, 100.5))), title="ถ่ายที่กรุงเทพ")
    assert "แผนบนเว็บ" in client.get(reverse("evidence"), {"kind": "link"}).text
    asked = client.get(reverse("evidence"), {"state": "questions"}).text
    assert "ถ่ายที่กรุงเทพ" in asked
    assert "แผนบนเว็บ" not in asked
    assert "ไม่พบหลักฐานตามที่กรอง" in client.get(reverse("evidence"), {"q": "ไม่มีแน่"}).text


def test_a_photo_far_away_is_asked_about_and_not_judged(district_head, outlines):
    added = handed_in(
        photo(exif=exif_of(taken="2023:01:10 09:00:00", where=(13.75, 100.5))),
        effective_on=date(2023, 3, 14),
    )
    page = signed_in(district_head).get(reverse("evidence-item", args=[added.evidence_id])).text
    assert "ภาพถ่ายเมื่อ 10 ม.ค. 2566 แต่วันที่แจ้งคือ 14 มี.ค. 2566 ห่างกัน 63 วัน" in page
    assert "นอกขอบเขตทุกพื้นที่ที่ระบบรู้จัก" in page
