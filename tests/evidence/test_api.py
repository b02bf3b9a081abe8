"""JSON over the same queries and the same access as the pages."""

from __future__ import annotations

import pytest

from tests.evidence.files import AT, OFFICER, exif_of, handed_in, pdf, photo
from tests.persons import signed_in
from tiddao.evidence.actions.proving import attach_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof(tasks):
    added = handed_in(photo(exif=exif_of(where=(19.85, 100.15))), title="ภาพประชาคม")
    attach_evidence(
        added.evidence_id,
        subject_kind="task", subject_key="5712/a", place="5712", by=OFFICER, at=AT,
    )  # fmt: skip
    return added


OF_TASK = "/api/v1/evidence-of?subject_kind=task&subject_key=5712/a"


def test_lists_name_what_is_in_scope(proof, provincial_head, stranger):
    handed_in(pdf(), title="ของเชียงใหม่", place="50")
    got = signed_in(provincial_head).get("/api/v1/evidence").json()
    assert (got["count"], got["pages"]) == (1, 1)
    assert got["rows"][0]["title"] == "ภาพประชาคม"
    assert got["rows"][0]["uses"] == 1
    assert signed_in(provincial_head).get("/api/v1/evidence?place=5713").json()["count"] == 0
    assert signed_in(stranger).get("/api/v1/evidence").json()["rows"][0]["title"] == "ของเชียงใหม่"
    assert signed_in(stranger).get("/api/v1/evidence?place=5712").status_code == 404
    assert signed_in(stranger).get("/api/v1/evidence?plaec=50").status_code == 422


def test_one_proof_with_versions_and_uses(proof, district_head, stranger):
    address = f"/api/v1/evidence/{proof.evidence_id}"
    got = signed_in(district_head).get(address).json()
    assert [version["number"] for version in got["versions"]] == [1]
    assert got["uses"][0]["what"] == "งาน 5712/a"
    assert got["versions"][0]["taken_at"].startswith("2023-03-14T03:30:00")
    assert "19.85" not in signed_in(district_head).get(address).text
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(district_head).get("/api/v1/evidence/99999999999999999999").status_code == 404


def test_what_proves_a_thing(proof, district_head, stranger):
    [row] = signed_in(district_head).get(OF_TASK).json()
    assert (row["title"], row["number"], row["newest"]) == ("ภาพประชาคม", 1, 1)
    assert len(row["sha256"]) == 64
    assert signed_in(stranger).get(OF_TASK).status_code == 404
    unknown = "/api/v1/evidence-of?subject_kind=none&subject_key=5712/a"
    assert signed_in(district_head).get(unknown).status_code == 404
