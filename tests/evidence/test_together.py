"""Two people at once: nothing doubled, nothing lost, nobody stuck."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from tests.evidence.files import AT, OFFICER, examined, exif_of, handed_in, pdf, photo
from tests.together import at_once
from tiddao.evidence.actions.keeping import add_version, lock_hash
from tiddao.evidence.actions.proving import UseEnded, attach_evidence, detach_evidence
from tiddao.evidence.actions.sweeping import sweep_files
from tiddao.evidence.models import Blob, Evidence, EvidenceUse, EvidenceVersion
from tiddao.evidence.queries.verifying import verify_files
from tiddao.evidence.storage import evidence_storage, name_of
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.usefixtures("committed")


def attach(evidence_id: int) -> int:
    return attach_evidence(
        evidence_id, subject_kind="task", subject_key="5712/a", place="5712", by=OFFICER, at=AT
    )


def test_two_people_attach_the_same_proof_at_once():
    added = handed_in(pdf())
    results = at_once(*[lambda: attach(added.evidence_id)] * 4)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert EvidenceUse.objects.count() == 1
    assert Entry.objects.filter(act="attach_evidence").count() == 1


def test_two_people_detach_at_once_and_one_is_told():
    use = attach(handed_in(pdf()).evidence_id)
    results = at_once(
        *[lambda: detach_evidence(use, reason="ผิด", by=OFFICER, at=AT + timedelta(days=1))] * 2
    )
    assert sorted(type(each).__name__ for each in results) == ["NoneType", UseEnded.__name__]
    assert Entry.objects.filter(act="detach_evidence").count() == 1


def test_four_people_hand_in_the_same_photo_at_once(files):
    content = photo(exif=exif_of())
    results = at_once(*[lambda: handed_in(content)] * 4)
    assert len({each.evidence_id for each in results}) == 4
    assert Blob.objects.count() == 3
    assert verify_files().ok
    assert not list(files.rglob(".incoming-*"))


def test_two_newer_versions_at_once_are_two_versions():
    added = handed_in(pdf())

    def newer(seed: int) -> int:
        source = examined(photo(seed=seed))
        return add_version(
            added.evidence_id, source, effective_on=None, expires_on=None, by=OFFICER, at=AT
        ).number

    assert sorted(at_once(lambda: newer(1), lambda: newer(2))) == [2, 3]
    assert Evidence.objects.get().current_number == 3
    assert EvidenceVersion.objects.count() == 3


def test_the_sweep_waits_for_an_upload_and_never_takes_its_file(files):
    """The file of a killed upload lies there; the same content is handed in while it is swept."""
    content = pdf()
    source = examined(content)
    evidence_storage().save(name_of(source.sha256), ContentFile(content))
    holds, may_end = threading.Event(), threading.Event()

    def upload() -> None:
        with transaction.atomic():
            handed_in(content)
            holds.set()
            assert may_end.wait(timeout=20)

    def sweep() -> int:
        assert holds.wait(timeout=20)
        threading.Timer(0.5, may_end.set).start()
        return sweep_files(by=SYSTEM, at=timezone.now() + timedelta(days=2))

    assert at_once(upload, sweep) == [None, 0]
    assert evidence_storage().exists(name_of(source.sha256))
    assert verify_files().ok


def test_an_upload_waits_for_the_sweep_and_writes_anew():
    content = pdf()
    source = examined(content)
    swept = threading.Event()

    def sweep() -> None:
        with transaction.atomic():
            lock_hash(source.sha256)
            evidence_storage().save(name_of(source.sha256), ContentFile(content))
            swept.set()
            threading.Event().wait(0.5)
            evidence_storage().delete(name_of(source.sha256))

    def upload() -> object:
        assert swept.wait(timeout=20)
        return handed_in(content).number

    assert at_once(sweep, upload) == [None, 1]
    assert verify_files().ok
