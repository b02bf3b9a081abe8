"""What is taken in and what is refused, by content alone: no database."""

from __future__ import annotations

import io
import zipfile
import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.files import examined, odf, ooxml, package, pdf, photo, xlsx
from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.kinds import FileRefused
from tiddao.evidence.rules.sniffing import Examined, Limits, clean_name, examine

TAKEN_IN = {
    "jpeg": photo("JPEG"),
    "png": photo("PNG"),
    "webp": photo("WEBP"),
    "heic": photo("HEIF"),
    "pdf": pdf(),
    "xlsx": xlsx(),
    "docx": ooxml("wordprocessingml.document"),
    "pptx": ooxml("presentationml.presentation"),
    "odt": odf("text"),
    "ods": odf("spreadsheet"),
    "txt": "รายงานการประชุม\nหมู่ที่ ๖\n".encode(),
}


@pytest.mark.parametrize("kind", TAKEN_IN)
def test_each_kind_is_known_by_its_content_whatever_its_name(kind):
    for name in ("อะไรก็ได้", "a.exe", "b.jpg", "c.pdf"):
        found = examined(TAKEN_IN[kind], name)
        assert found.kind.code == kind
        assert found.size == len(TAKEN_IN[kind])
        assert (found.photo is not None) == found.kind.is_image
        assert found.file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        "ที่,หมู่บ้าน\n1,ไม้ยา\n".encode(),
        "\ufeffที่,หมู่บ้าน\n".encode(),
        "ที่,หมู่บ้าน\r\n".encode("cp874"),
        "ที่,หมู่บ้าน\n".encode("utf-16"),
    ],
)
def test_a_table_of_text_is_csv_by_its_name_in_any_thai_encoding(content):
    assert examined(content, "รายชื่อ.csv").kind is kinds.CSV
    assert examined(content, "รายชื่อ.txt").kind is kinds.TXT


def bomb() -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"\0" * (64 << 20)})


def lying_bomb() -> bytes:
    """Members that share one stretch of bytes: the directory says more is packed than there is."""
    single = package({"a": Random(1).randbytes(40_000)})
    start = single.rindex(b"PK\x01\x02")
    end = single.rindex(b"PK\x05\x06")
    entry = single[start:end]
    count = 50
    tail = bytearray(single[end:])
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    return single[:start] + entry * count + bytes(tail)


def macro() -> bytes:
    with zipfile.ZipFile(io.BytesIO(ooxml("wordprocessingml.document"))) as plain:
        members = {name: plain.read(name) for name in plain.namelist()}
    return package(members | {"word/vbaProject.bin": b"x"})


def locked() -> bytes:
    made = bytearray(ooxml("wordprocessingml.document"))
    at = made.index(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def huge_png() -> bytes:
    """A tiny file that says it is 30,000 × 30,000 pixels."""
    head = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", data)
        + png_chunk(b"IEND", b"")
    )  # fmt: skip


REFUSED = {
    "html": (b"<!DOCTYPE html><html><script>alert(1)</script>", "not-allowed", "หน้าเว็บ"),
    "html after blanks": (b" \n\t<script>1</script>", "not-allowed", "หน้าเว็บ"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-allowed", "SVG"),
    "php": (b"<?php system($_GET['x']);", "not-allowed", "สคริปต์"),
    "shell": (b"#!/bin/sh\nrm -rf /\n", "not-allowed", "สคริปต์"),
    "exe": (b"MZ" + bytes(300), "not-allowed", "โปรแกรม"),
    "elf": (b"\x7fELF\x02\x01\x01" + bytes(300), "not-allowed", "ELF"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not-allowed", ".docx"),
    "gif": (b"GIF89a" + bytes(100), "not-allowed", "GIF"),
    "rtf": (b"{\\rtf1 x}", "not-allowed", "RTF"),
    "video": (b"\0\0\0\x18ftypmp42" + bytes(100), "not-allowed", "วิดีโอ"),
    "random": (bytes(range(1, 256)) * 4, "not-allowed", "ไม่รู้จัก"),
    "zip": (package({"a.txt": b"x"}), "not-allowed", "ZIP"),
    "empty": (b"", "empty", "ว่างเปล่า"),
    "cut jpeg": (TAKEN_IN["jpeg"][: len(TAKEN_IN["jpeg"]) // 2], "broken", "เสีย"),
    "cut png": (TAKEN_IN["png"][: len(TAKEN_IN["png"]) // 2], "broken", "เสีย"),
    "cut webp": (TAKEN_IN["webp"][: len(TAKEN_IN["webp"]) // 2], "broken", "เสีย"),
    "cut heic": (TAKEN_IN["heic"][: len(TAKEN_IN["heic"]) // 2], "broken", "เสีย"),
    "cut pdf": (TAKEN_IN["pdf"][: len(TAKEN_IN["pdf"]) // 2], "broken", "เสีย"),
    "cut xlsx": (TAKEN_IN["xlsx"][: len(TAKEN_IN["xlsx"]) // 2], "broken", "เสีย"),
    "png head, html body": (b"\x89PNG\r\n\x1a\n<html><script>1</script>", "two-kinds", "หน้าเว็บ"),
    "photo then html": (TAKEN_IN["jpeg"] + b"<HTML><script>1</script>", "two-kinds", "หน้าเว็บ"),
    "photo then zip": (TAKEN_IN["png"] + package({"a.jar": b"x"}), "two-kinds", "บีบอัด"),
    "pdf then zip": (TAKEN_IN["pdf"] + package({"a.jar": b"x"}), "two-kinds", "บีบอัด"),
    "bomb": (bomb(), "bomb", "ใหญ่ผิดปกติ"),
    "lying bomb": (lying_bomb(), "bomb", "ใหญ่ผิดปกติ"),
    "macro": (macro(), "macros", "แมโคร"),
    "locked": (locked(), "locked", "รหัสผ่าน"),
    "huge png": (huge_png(), "too-many-pixels", "ละเอียดเกิน"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("name", ["photo.png", "report.pdf", "table.csv"])
def test_a_refusal_names_what_was_found(case, name):
    content, code, words = REFUSED[case]
    with pytest.raises(FileRefused) as refused:
        examined(content, name)
    assert refused.value.code == code
    assert words in refused.value.message_th
    if code == "not-allowed":
        assert kinds.ALLOWED_TH in refused.value.message_th
        assert refused.value.found_en


def test_a_mark_that_lies_across_two_pieces_is_found(monkeypatch):
    monkeypatch.setattr("tiddao.evidence.rules.sniffing.PIECE", 1_000)
    content = photo("PNG", size=(8, 8))
    for padding in range(980, 1_004):
        tail = bytes(padding - len(content) % 1_000) + b"<script"
        with pytest.raises(FileRefused) as refused:
            examined(content + tail)
        assert refused.value.code == "two-kinds"


def test_the_limits_are_the_installations(monkeypatch):
    content = photo(size=(200, 100))
    with pytest.raises(FileRefused) as size:
        examined(content, limits=Limits(size=len(content) - 1))
    assert size.value.code == "too-large"
    assert examined(content, limits=Limits(size=len(content))).size == len(content)
    with pytest.raises(FileRefused) as pixels:
        examined(content, limits=Limits(pixels=19_999))
    assert pixels.value.code == "too-many-pixels"
    assert "200 × 100" in pixels.value.message_th
    assert examined(content, limits=Limits(pixels=20_000)).photo is not None


class Counted(io.BytesIO):
    """A file that remembers the most that was ever read from it at once."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        got = super().read(size)
        self.most = max(self.most, len(got))
        return got


def test_too_large_a_file_is_refused_without_reading_it_whole():
    file = Counted(bytes(30 << 20))
    with pytest.raises(FileRefused):
        examine(file, name="x", limits=Limits(size=2 << 20))
    assert file.tell() <= 4 << 20
    assert file.most <= 1 << 20


def outcome(content: bytes, name: str = "x") -> tuple[Examined | None, FileRefused | None]:
    """What the file was taken for, or why it was refused; any other failure comes through."""
    try:
        return examined(content, name), None
    except FileRefused as refused:
        return None, refused


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3_000), st.text(max_size=30))
def test_any_bytes_are_taken_in_or_refused_with_words(content, name):
    found, refused = outcome(content, name)
    if found is not None:
        assert found.kind in {kinds.TXT, kinds.CSV}  # nothing else comes about by chance
    else:
        assert refused is not None
        assert refused.message_th
        assert refused.code


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TAKEN_IN)), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(kind, data):
    content = bytearray(TAKEN_IN[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    found, refused = outcome(bytes(content[:cut]))
    assert (found is not None and found.kind.code in kinds.KINDS) or refused.message_th


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ภาพประชุม.jpg", "ภาพประชุม.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\รูป.JPEG", "รูป.JPEG"),
        ("evil.php", "evil.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("x\r\nSet-Cookie: a=b.jpg", "xSet-Cookie: a=b.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("ก" * 500 + ".jpg", "ก" * 180 + ".jpg"),
        ("รายงาน 12.5 ไร่", "รายงาน 12.jpg"),
    ],
)
def test_names_are_cleaned_for_show(name, shown):
    assert clean_name(name, kinds.JPEG) == shown


@settings(max_examples=200)
@given(st.text(max_size=400), st.sampled_from(sorted(kinds.KINDS)))
def test_no_name_keeps_folders_control_or_direction_signs(name, kind):
    shown = clean_name(name, kinds.KINDS[kind])
    assert len(shown) <= 200
    assert not set(shown) & set("/\\\r\n\t\0\u202e\u2066")
    assert not shown.startswith(".")
    assert shown.count(".") >= 1
