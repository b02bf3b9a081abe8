"""Files by their hash: once each, whole or not at all, found again when they were tampered with."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import Error, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.files import AT, OFFICER, exif_of, handed_in, pdf, photo
from tiddao.evidence.actions import keeping
from tiddao.evidence.actions.keeping import add_version
from tiddao.evidence.actions.sweeping import sweep_files
from tiddao.evidence.models import Blob, Evidence, EvidenceVersion
from tiddao.evidence.queries.verifying import verify_files
from tiddao.evidence.storage import WholeFileStorage, evidence_storage, hash_in, name_of
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db


def stored(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


# -- by hash ---------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(st.binary(min_size=1, max_size=5_000), st.binary(min_size=1, max_size=5_000))
def test_a_file_comes_back_as_it_was_and_the_same_bytes_lie_in_one_place(first, second):
    with tempfile.TemporaryDirectory() as folder:
        storage = WholeFileStorage(location=folder, base_url=None)
        for content in (first, second, first):
            sha256 = hashlib.sha256(content).hexdigest()
            assert storage.save(name_of(sha256), ContentFile(content)) == name_of(sha256)
            with storage.open(name_of(sha256)) as file:
                assert file.read() == content
            assert hash_in(name_of(sha256)) == sha256
        kept = [path for path in Path(folder).rglob("*") if path.is_file()]
        assert len(kept) == len({first, second})
        assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_what_is_no_hash_has_no_place(text):
    if len(text) == 64 and set(text) <= set("0123456789abcdef"):
        return
    with pytest.raises(ValueError, match="SHA-256"):
        name_of(text)
    assert hash_in(f"evidence/{text[:2]}/{text}") is None


def test_the_same_file_twice_is_stored_once_and_asked_about(files):
    content = photo(exif=exif_of())
    handed_in(content)
    before = stored(files)
    handed_in(content, title="อีกเรื่อง")
    handed_in(content, title="อีกอำเภอ", place="5713")
    assert stored(files) == before
    assert len(before) == 3  # the original, its display copy and its thumbnail
    last = EvidenceVersion.objects.latest("pk")
    assert {"code": "seen-before", "fields": {"here": 0, "elsewhere": 2}} in last.findings


def test_every_stored_file_is_what_its_name_says(files):
    handed_in(photo("PNG"))
    handed_in(pdf())
    for path in stored(files):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        row = Blob.objects.get(sha256=path.name)
        assert row.size == path.stat().st_size


def test_a_lost_file_comes_back_when_it_is_handed_in_again(files):
    content = pdf()
    handed_in(content)
    stored(files)[0].unlink()
    assert verify_files().missing == 1
    handed_in(content, title="ส่งซ้ำ")
    assert verify_files().ok


def test_rows_of_files_and_versions_refuse_to_change():
    added = handed_in(pdf())
    for change in (
        lambda: Blob.objects.update(size=1),
        lambda: EvidenceVersion.objects.filter(pk=added.version_id).update(file_name="x"),
        lambda: EvidenceVersion.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_links_are_kept_and_never_fetched(socket_disabled):
    added = handed_in("https://www.cdd.go.th/ข่าว?id=1")
    version = EvidenceVersion.objects.get(pk=added.version_id)
    assert (version.link, version.blob_id) == ("https://www.cdd.go.th/ข่าว?id=1", None)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://a/b", "//cdd.go.th/", "cdd.go.th",
        "https://", "https://user:pass@cdd.go.th/", "https://cdd.go.th/\nx", "https://a b/", "",
        "http://[::1", "https://a/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(link):
    with pytest.raises(keeping.LinkRefused):
        keeping.Link(link)


def test_a_link_follows_a_link_and_dates_do_not_cross():
    added = handed_in(pdf())
    later = {"by": OFFICER, "at": AT, "effective_on": None, "expires_on": None}
    with pytest.raises(keeping.WrongKind):
        add_version(added.evidence_id, keeping.Link("https://cdd.go.th/"), **later)
    with pytest.raises(keeping.DatesCross):
        handed_in(pdf(), effective_on=AT.date(), expires_on=AT.date() - timedelta(days=1))
    assert Evidence.objects.get().current_number == 1


# -- storages --------------------------------------------------------------------------------------


def test_acts_ask_nothing_of_a_storage_but_djangos_interface(settings):
    """What holds in memory holds in a bucket: no path, no rename, no folder is asked for."""
    settings.STORAGES = settings.STORAGES | {
        "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    handed_in()
    handed_in()
    assert verify_files().files == 3
    assert verify_files().ok
    storages["evidence"].save(name_of("0" * 64), ContentFile(b"left over"))
    later = timezone.now() + timedelta(days=2)
    assert verify_files(at=later).orphaned == 1
    assert sweep_files(by=SYSTEM, at=later) == 1
    assert verify_files(at=later).ok


def test_a_bucket_is_chosen_by_the_environment():
    code = (
        "import django, json; django.setup();"
        "from tiddao.evidence.storage import evidence_storage as get;"
        "s = get(); print(json.dumps([type(s).__name__, s.bucket_name, s.endpoint_url,"
        " s.location, s.file_overwrite, s.default_acl]))"
    )
    given = {
        "TIDDAO_S3_BUCKET": "tiddao", "TIDDAO_S3_ENDPOINT": "https://s3.example.go.th",
        "TIDDAO_S3_FOLDER": "หลักฐาน", "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | given, capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert json.loads(done.stdout) == [
        "S3Storage", "tiddao", "https://s3.example.go.th", "หลักฐาน", True, "private",
    ]  # fmt: skip


def test_a_storage_that_renames_is_refused(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "tests.evidence.test_storing.RenamingStorage",
            "OPTIONS": {"location": tmp_path / "renamed", "base_url": None},
        }
    }
    with pytest.raises(RuntimeError, match="keep names"):
        handed_in(pdf())
    assert not stored(tmp_path / "renamed")
    assert not Blob.objects.exists()


class RenamingStorage(WholeFileStorage):
    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return f"{super().get_available_name(name, max_length)}_1"


# -- whole or not at all ---------------------------------------------------------------------------

WRITER = """
import sys, time
from django.conf import settings
settings.configure()
from django.core.files.base import ContentFile
from tiddao.evidence.storage import WholeFileStorage, name_of

class Slow(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"x" * 100_000
        print("half", flush=True)
        time.sleep(60)
        yield b"y" * 100_000

WholeFileStorage(location=sys.argv[1], base_url=None).save(name_of("a" * 64), Slow(b""))
"""


def test_a_killed_upload_leaves_no_file_by_its_name_and_is_swept(files):
    home = files.parent
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "half\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait(timeout=10)
    writer.stdout.close()
    [left] = stored(files)
    assert left.name.startswith(".incoming-")
    assert not evidence_storage().exists(name_of("a" * 64))
    now = timezone.now()
    assert verify_files(at=now).ok  # it may be an upload under way
    assert sweep_files(by=SYSTEM, at=now) == 0
    later = now + timedelta(days=2)
    [found] = verify_files(at=later).problems
    assert (found.code, found.name) == ("orphaned", f"evidence/aa/{left.name}")
    assert sweep_files(by=SYSTEM, at=later) == 1
    assert sweep_files(by=SYSTEM, at=later) == 0
    assert not stored(files)
    assert Entry.objects.filter(act="sweep_evidence_files").count() == 1


def test_an_act_cut_off_before_its_rows_leaves_files_that_are_swept(files, monkeypatch):
    def cut(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    kept = handed_in(pdf())
    monkeypatch.setattr(keeping, "record", cut)
    with pytest.raises(KeyboardInterrupt):
        handed_in()
    assert Evidence.objects.get().pk == kept.evidence_id
    assert len(stored(files)) == 4
    assert sweep_files(by=SYSTEM, at=timezone.now() + timedelta(days=2)) == 3
    assert len(stored(files)) == 1
    assert verify_files().ok


def test_a_broken_write_leaves_nothing(files):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):  # noqa: ARG002 -- Django's signature
            yield b"first"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        evidence_storage().save(name_of("b" * 64), Broken(b""))
    assert not stored(files)


# -- verify ----------------------------------------------------------------------------------------


def test_verify_names_missing_altered_and_slipped_in_files(files, capsys):
    swapped, lost = handed_in(pdf(), title="สัญญา"), handed_in(photo(seed=5), title="ภาพ")
    call_command("evidence", "verify")
    assert "ไฟล์อยู่ครบและไม่ถูกแก้ไข" in capsys.readouterr().out
    paper = EvidenceVersion.objects.get(pk=swapped.version_id).blob_id
    image = EvidenceVersion.objects.get(pk=lost.version_id)
    (files / paper[:2] / paper).write_bytes(pdf() + b"\n%%EOF")
    (files / image.blob_id[:2] / image.blob_id).unlink()
    shown = Blob.objects.get(sha256=image.blob_id).display_id
    (files / shown[:2] / shown).write_bytes(photo(seed=6))
    strange = files / "ff" / "notes.txt"
    strange.parent.mkdir(exist_ok=True)
    strange.write_bytes(b"x")
    long_ago = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(strange, (long_ago, long_ago))
    with pytest.raises(SystemExit) as ended:
        call_command("evidence", "verify", "--json")
    assert ended.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["missing"], report["altered"], report["orphaned"]) == (1, 2, 1)
    found = {(each["code"], each["name"].rpartition("/")[2]): each for each in report["problems"]}
    assert set(found) == {
        ("altered", paper), ("altered", shown), ("missing", image.blob_id),
        ("orphaned", "notes.txt"),
    }  # fmt: skip
    assert found["altered", paper]["used_by"] == [f"evidence:{swapped.evidence_id} v1 photo.pdf"]
    assert found["altered", shown]["used_by"] == [f"evidence:{lost.evidence_id} v1 photo.jpg"]
    assert "สลับ" in found["altered", paper]["words"]
    with pytest.raises(SystemExit):
        call_command("evidence", "verify")
    assert "หาย 1 ถูกแก้ไข 2 ไม่มีเจ้าของ 1" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["evidence", "evidence/00", "evidence/zz/deep/deeper"])
def test_a_file_slipped_in_anywhere_is_found(files, place):
    strange = files.parent / place / "x.php"
    strange.parent.mkdir(parents=True, exist_ok=True)
    strange.write_bytes(b"<?php")
    [found] = verify_files(at=timezone.now() + timedelta(days=2)).problems
    assert (found.code, found.name) == ("orphaned", f"{place}/x.php")


def test_any_changed_byte_is_found(files):
    content = pdf()
    handed_in(content, at=datetime(2023, 1, 1, tzinfo=UTC))
    path = Path(evidence_storage().path(name_of(hashlib.sha256(content).hexdigest())))

    @settings(max_examples=40)
    @given(st.integers(0, len(content) - 1), st.integers(1, 255))
    def changed(at: int, by: int) -> None:
        one_other = bytearray(content)
        one_other[at] ^= by
        path.write_bytes(one_other)
        assert verify_files().altered == 1
        path.write_bytes(content)
        assert verify_files().ok

    changed()


def test_verifying_takes_little_memory_whatever_the_files_size(files):
    content = io.BytesIO(os.urandom(1 << 20) * 18)
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    Blob.objects.create(sha256=sha256, size=18 << 20, kind="txt", stored_at=AT)
    evidence_storage().save(name_of(sha256), ContentFile(content.getvalue()))
    tracemalloc.start()
    began = time.monotonic()
    found = verify_files()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.ok, found.bytes) == (True, 18 << 20)
    assert most < 6 << 20
    assert time.monotonic() - began < 20
