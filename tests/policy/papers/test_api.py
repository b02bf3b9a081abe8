"""JSON of papers, and the links that lead to them, as three people."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.persons import signed_in
from tests.policy.directives.acts import sender_of, sent
from tests.policy.papers.acts import AT, held_meeting, issued, letter_of, template_of
from tests.policy.papers.made import LETTER
from tiddao.policy.actions.letters import issue_letter
from tiddao.policy.actions.news import draft_news
from tiddao.policy.rules.official import minutes_from, sha256_of

pytestmark = pytest.mark.django_db


def test_json_of_minutes_letters_templates_and_news(
    provincial_head, district_head, stranger
) -> None:
    _sender, by, _post = sender_of(provincial_head)
    meeting = held_meeting(provincial_head)
    made = issued(provincial_head, meeting)
    draft_news(meeting.pk, by=by, at=AT)
    letter = letter_of(provincial_head)
    issue_letter(letter.pk, seen=0, by=by, at=AT)
    template_of(provincial_head, "{{ heading }}", in_force=True)
    head = signed_in(provincial_head)
    one = head.get(f"/api/v1/meetings/{meeting.pk}/minutes/1").json()
    assert one["sha256"] == made.sha256 == sha256_of(one["content"])
    assert minutes_from(one["content"]).checker == "นายสมมุติ ผู้ตรวจ"
    assert [
        each["number"] for each in head.get(f"/api/v1/meetings/{meeting.pk}/minutes").json()
    ] == [1]
    said = head.get(f"/api/v1/letters/{letter.pk}").json()
    assert (said["number"], said["issues"], said["content"]["urgency"]) == (
        LETTER.number, 1, "ด่วนที่สุด",
    )  # fmt: skip
    assert len(head.get("/api/v1/letters").json()) == 1
    templates = head.get("/api/v1/paper-templates/CDD-57").json()
    in_force = {each["kind"]: each["number"] for each in templates["in_force"]}
    assert in_force == {"minutes": 1, "letter": 0, "memo": 0, "emblem": 0}
    news = head.get(f"/api/v1/meetings/{meeting.pk}/news").json()
    assert all(each["fields"] for each in news["paragraphs"])
    # the district was invited: it reads what was issued, and nothing else
    invited = signed_in(district_head)
    assert invited.get(f"/api/v1/meetings/{meeting.pk}/minutes/1").status_code == 200
    outside = signed_in(stranger)
    assert outside.get(f"/api/v1/meetings/{meeting.pk}/minutes/1").status_code == 404
    for client in (invited, outside):
        for path in (
            f"meetings/{meeting.pk}/news",
            f"letters/{letter.pk}",
            "paper-templates/CDD-57",
        ):
            assert client.get(f"/api/v1/{path}").status_code == 404
        assert client.get("/api/v1/letters").json() == []


def test_pages_of_meetings_and_directives_lead_to_papers(provincial_head, district_head) -> None:
    sender, by, _post = sender_of(provincial_head)
    meeting = held_meeting(provincial_head)
    letter = letter_of(provincial_head, meeting_id=meeting.pk)
    there = reverse("meeting", args=[meeting.pk])
    page = signed_in(provincial_head).get(there).content.decode()
    assert "รอออกรายงาน" in page
    assert reverse("letter", args=[letter.pk]) in page
    assert f"{reverse('letter-new')}?meeting={meeting.pk}" in page
    issued(provincial_head, meeting)
    page = signed_in(district_head).get(there).content.decode()
    assert reverse("minutes-pdf", args=[meeting.pk, 1]) in page
    assert reverse("letter", args=[letter.pk]) not in page
    assert reverse("meeting-news", args=[meeting.pk]) not in page
    directive = sent(["CDD-5712"], sender=sender, by=by)
    new = f"{reverse('letter-new')}?directive={directive.pk}"
    directive_page = reverse("directive", args=[directive.pk])
    assert new in signed_in(provincial_head).get(directive_page).content.decode()
    assert new not in signed_in(district_head).get(directive_page).content.decode()
