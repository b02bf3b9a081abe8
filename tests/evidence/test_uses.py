"""What proves a thing: read by everybody above, in two queries however many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.evidence.files import AT, OFFICER, examined, exif_of, handed_in, photo
from tiddao.evidence.actions.keeping import add_version
from tiddao.evidence.actions.proving import UseEnded, attach_evidence, detach_evidence
from tiddao.evidence.models import EvidenceUse
from tiddao.evidence.queries.uses import evidence_counts, evidence_of
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def attach(evidence_id, key="5712/a", *, place="5712", at=AT, **fields) -> int:
    return attach_evidence(
        evidence_id, subject_kind="task", subject_key=key, place=place, by=OFFICER, at=at, **fields
    )


def test_one_proof_serves_many_things():
    added = handed_in()
    for key in ("5712/a", "5712/b"):
        attach(added.evidence_id, key)
    found = evidence_of("task", ["5712/a", "5712/b", "5712/c"])
    assert [len(found[key]) for key in ("5712/a", "5712/b", "5712/c")] == [1, 1, 0]
    row = found["5712/a"][0]
    assert (row.title, row.is_image, row.kind_words, row.attached_by) == (
        "รายงานการประชุมประชาคม", True, "ภาพ JPEG", OFFICER.name,
    )  # fmt: skip
    assert evidence_counts("task", ["5712/a", "5712/c"]) == {"5712/a": 1, "5712/c": 0}
    assert evidence_of("other", ["5712/a"]) == {"5712/a": ()}


@pytest.mark.parametrize("n", [1, 3])
def test_evidence_of_costs_the_same_for_any_number_of_rows(django_assert_num_queries, n, outlines):
    keys = [f"5712/{number}" for number in range(n)]
    for number, key in enumerate(keys):
        content = photo(seed=number, exif=exif_of(where=(19.85, 99.6)))
        attach(handed_in(content).evidence_id, key)
    with django_assert_num_queries(2):  # uses with version, file; names of places in findings
        found = evidence_of("task", keys)
    assert all(row.questions for rows in found.values() for row in rows)


def test_attaching_twice_changes_nothing_and_is_recorded_once():
    added = handed_in()
    assert attach(added.evidence_id) == attach(added.evidence_id, at=LATER)
    assert Entry.objects.filter(act="attach_evidence").count() == 1


def test_a_newer_version_takes_the_place_and_the_older_use_stays_on_record():
    added = handed_in()
    first = attach(added.evidence_id)
    add_version(
        added.evidence_id, examined(photo(seed=2)), effective_on=None, expires_on=None,
        by=OFFICER, at=LATER,
    )  # fmt: skip
    assert evidence_of("task", ["5712/a"])["5712/a"][0].has_newer
    second = attach(added.evidence_id, at=LATER)
    assert second != first
    [row] = evidence_of("task", ["5712/a"])["5712/a"]
    assert (row.number, row.has_newer) == (2, False)
    [before] = evidence_of("task", ["5712/a"], known_at=AT + timedelta(hours=1))["5712/a"]
    assert before.number == 1
    assert EvidenceUse.objects.count() == 2


def test_detaching_needs_a_reason_and_keeps_the_history():
    use = attach(handed_in().evidence_id)
    with pytest.raises(ValueError, match="reason"):
        detach_evidence(use, reason="  ", by=OFFICER, at=LATER)
    detach_evidence(use, reason="แนบผิดหมู่บ้าน", by=OFFICER, at=LATER)
    assert evidence_of("task", ["5712/a"]) == {"5712/a": ()}
    assert len(evidence_of("task", ["5712/a"], known_at=AT)["5712/a"]) == 1
    with pytest.raises(UseEnded):
        detach_evidence(use, reason="อีกครั้ง", by=OFFICER, at=LATER)
    kept = EvidenceUse.objects.get()
    assert (kept.end_reason, kept.ended_by) == ("แนบผิดหมู่บ้าน", OFFICER.reference)
