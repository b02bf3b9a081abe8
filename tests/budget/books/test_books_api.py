"""JSON of the books: the pages' figures, whole, and only for those whose posts cover the place."""

import json

import pytest

from tests.budget.books.writing import a_book, an_envelope, day, line, post
from tests.persons import signed_in

pytestmark = pytest.mark.django_db


def read(client, address):
    response = client.get(f"/api/v1{address}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_books_of_a_province_and_of_a_district(shown, provincial_head, district_head):
    a_book("CDD-57")
    found = read(signed_in(provincial_head), "/places/57/books?year=2569")
    assert [each["office"] for each in found] == ["CDD-57", "CDD-5712"]
    assert found[0]["balance"] is None
    balance = found[1]["balance"]
    assert (balance["base"], balance["disbursed"], balance["remaining"]) == (
        "108700.00",
        "30000.50",
        "63700.00",
    )
    assert balance["disbursed_percent"].startswith("27.5993")
    own = read(signed_in(district_head), "/places/5712/books?year=2569")
    assert own == found[1:]


def test_envelopes_of_a_book(shown, district_head):
    client = signed_in(district_head)
    found = read(client, f"/books/{shown.book.pk}/envelopes")
    assert [(each["project_number"], each["keeping"]) for each in found] == [
        ("9/2569", "workbook"),
        ("30/2569", "entries"),
        ("24/2569", "entries"),
    ]
    admin = read(client, f"/books/{shown.book.pk}/envelopes?fund=admin")
    assert admin == found[:2]


def test_envelope_as_it_was(shown, district_head):
    client = signed_in(district_head)
    now = read(client, f"/envelopes/{shown.envelope.pk}")
    assert now["balance"]["remaining"] == "55000.00"
    then = read(client, f"/envelopes/{shown.envelope.pk}?on={day(72)}")
    assert then["balance"]["remaining"] == "59000.00"
    never = read(client, f"/envelopes/{shown.envelope.pk}?known_at=2026-01-01T00:00:00Z")
    assert never["balance"] is None


@pytest.mark.parametrize("which", ["books", "envelopes"])
def test_entries_come_whole_page_by_page(shown, district_head, which):
    number = {"books": shown.book.pk, "envelopes": shown.envelope.pk}[which]
    client = signed_in(district_head)
    seen, cursor = [], 0
    while cursor is not None:
        page = read(client, f"/{which}/{number}/entries?limit=3&cursor={cursor}")
        assert len(page["items"]) <= 3
        seen += page["items"]
        cursor = page["next"]
        if which == "books" and len(seen) == 3:
            # What is written while somebody reads comes at the end.
            post(shown.book, line(shown.other, "disbursement", "ใหม่", "1", 50))
    wanted = {"books": 10, "envelopes": 7}[which]
    assert len({each["id"] for each in seen}) == len(seen) == page["total"] == wanted
    assert [each["id"] for each in seen] == sorted(each["id"] for each in seen)
    payment = next(each for each in seen if each["document"] == "ขบ-1")
    assert (payment["amount"], payment["kind"], payment["on"]) == (
        "25000.50",
        "disbursement",
        day(60).isoformat(),
    )


def test_projects_and_one_of_them(shown, provincial_head, district_head):
    elsewhere = a_book("CDD-5713")
    post(elsewhere, line(an_envelope(elsewhere), "allotment", "อ", "777"))
    head = signed_in(provincial_head)
    lines = read(head, "/places/57/projects?year=2569")
    assert [(each["number"], each["offices"]) for each in lines] == [
        ("9/2569", 1),
        ("24/2569", 2),
        ("30/2569", 1),
    ]
    whole = read(head, f"/projects/{shown.project.pk}")
    assert whole["balance"]["allotted"] == "100777.00"
    part = read(signed_in(district_head), f"/projects/{shown.project.pk}")
    assert part["balance"]["allotted"] == "100000.00"
    assert [each["office"] for each in part["offices"]] == ["CDD-5712"]


def test_stranger_is_told_nothing(shown, stranger):
    client = signed_in(stranger)
    for address in (
        "/places/5712/books?year=2569",
        f"/books/{shown.book.pk}/envelopes",
        f"/books/{shown.book.pk}/entries",
        f"/envelopes/{shown.envelope.pk}",
        f"/envelopes/{shown.envelope.pk}/entries",
        "/places/57/projects?year=2569",
        f"/projects/{shown.project.pk}",
    ):
        assert client.get(f"/api/v1{address}").status_code == 404, address


@pytest.mark.parametrize(
    "address", ["/places/5712/books?year=99", "/places/5712/books", "/books/1/entries?limit=0"]
)
def test_question_that_makes_no_sense_is_refused(district_head, address):
    assert signed_in(district_head).get(f"/api/v1{address}").status_code == 422
