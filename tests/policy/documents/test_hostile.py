"""Hostile files through the page where documents are taken in: refused in words, nothing kept."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.persons import signed_in
from tests.policy.rules.test_intake import THAI, pdf_of, repacked, word_file
from tiddao.policy.models import Document
from tiddao.policy.rules.intake_docx import LARGEST_UNPACKED

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
ZEROS = b"\0" * (LARGEST_UNPACKED // 3)
HOSTILE = {
    "bomb.docx": (repacked(word_file(), {f"word/{n}.xml": ZEROS for n in range(4)}), "ขยายออกได้ถึง"),
    "macros.docm": (repacked(word_file(), {"word/vbaProject.bin": b"x"}), "มีแมโคร"),
    "order.pdf": (word_file(), "ไม่ตรงกับเนื้อไฟล์"),
    "letter.docx": (b"MZ\x90\0" + b"\0" * 400, "เนื้อไฟล์ไม่ใช่ DOCX จริง"),
    "cut.pdf": (pdf_of(b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pag")[:60], "เสียหาย"),
    "cut.docx": (word_file()[:700], "เสียหาย"),
    "notes.exe": (b"x", "ไม่รู้จักไฟล์"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_kept(name: str, executive) -> None:
    content, words = HOSTILE[name]
    answer = signed_in(executive).post(
        reverse("document-new"), {"file": SimpleUploadedFile(name, content), "title": ""}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Document.objects.exists()


def test_a_script_of_a_page_is_left_out_said_and_never_shown(executive) -> None:
    page = f"<html><body><script>steal()</script><p onclick='x()'>{THAI}</p></body></html>"
    client = signed_in(executive)
    file = SimpleUploadedFile("news.html", page.encode())
    answer = client.post(reverse("document-new"), {"file": file, "title": ""})
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "สคริปต์ 1 ชิ้น" in shown
    assert "steal()" not in shown
    assert "onclick='x()'" not in shown


class Body(io.RawIOBase):
    """A form with one file of so many bytes, made while it is read."""

    EDGE = b"edge"

    def __init__(self, size: int, *, name: str) -> None:
        head = (
            b"--" + self.EDGE + b'\r\nContent-Disposition: form-data; name="file"; filename="'
            + name.encode() + b'"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )  # fmt: skip
        tail = b"\r\n--" + self.EDGE + b"--\r\n"
        self.head, self.size, self.tail = io.BytesIO(head), size, io.BytesIO(tail)
        self.length = len(head) + size + len(tail)

    def read(self, size: int = -1) -> bytes:
        assert 0 <= size <= MB, "the whole body was asked for at once"
        if found := self.head.read(size):
            return found
        if self.size:
            found = b"x" * min(size, self.size)
            self.size -= len(found)
            return found
        return self.tail.read(size)


def test_a_body_of_200_mb_is_refused_in_words_with_memory_bounded(executive) -> None:
    body = Body(200 * MB, name="huge.docx")
    client = signed_in(executive)
    tracemalloc.start()
    answer = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=reverse("document-new"),
        CONTENT_TYPE=f"multipart/form-data; boundary={Body.EDGE.decode()}",
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": body},
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert "20 MB" in answer.content.decode()
    assert most < 60 * MB  # the 20 MB that are read at all, twice while they are handed on
