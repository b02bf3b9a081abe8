"""Accounts and posts: what is done, refused and recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from tests.persons import give_post, make_account, make_person
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.people import actions
from tiddao.people.actions import NameMeetsAnother, NewPost, Refused
from tiddao.people.models import Alias, Post, Role, Tenure, User
from tiddao.people.queries import like_names

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 10, 3, 0, tzinfo=UTC)
HEAD = NewPost(role=Role.DISTRICT_HEAD, office_code="CDD-5712", held_from=date(2025, 10, 1))
OFFICER = replace(HEAD, role=Role.TAMBON_OFFICER)


@pytest.fixture(autouse=True)
def entries_before(db):
    return Entry.objects.count()


def entries(before: int) -> list[Entry]:
    return list(Entry.objects.order_by("id")[before:])


def opened(name="นางสาวทดสอบ ระบบดี", username="test.one", **more):
    more = {"post": OFFICER, "by": SYSTEM, "at": AT} | more
    return actions.open_account(username=username, name_th=name, **more)


# -- accounts --------------------------------------------------------------------------------------


def test_open_account_gives_a_one_time_password_and_one_entry(entries_before):
    done = opened()
    user = User.objects.get(pk=done.user_id)
    assert user.check_password(done.one_time_password)
    assert len(done.one_time_password) == 19
    assert user.password_is_temporary
    assert Post.objects.get(user=user).role == Role.TAMBON_OFFICER
    (entry,) = entries(entries_before)
    assert (entry.act, entry.place) == ("open_account", "5712")
    assert done.one_time_password not in str(entry.detail)
    assert "ทดสอบ" not in str(entry.detail)  # no personal data in the ledger


def test_open_account_with_a_chosen_password_needs_no_change():
    done = opened(password="เลือกเอง-ยาวพอ-2566")
    assert done.one_time_password == ""
    assert not User.objects.get(pk=done.user_id).password_is_temporary


@pytest.mark.parametrize("username", ["ab", "มีไทย", "with space", "-dash", "a" * 61, ""])
def test_open_account_with_an_unfit_user_name(username, entries_before):
    with pytest.raises(ValidationError):
        opened(username=username)
    assert not User.objects.filter(name_th="นางสาวทดสอบ ระบบดี").exists()
    assert not entries(entries_before)


def test_user_name_is_one_whatever_its_case():
    opened(username="test.one")
    with pytest.raises(Refused, match="username-taken"):
        opened("นายคนอื่น แท้จริง", username="TEST.One")


@pytest.mark.parametrize(
    "spelling",
    ["นางสาวทดสอบ ปินตาเป๊ก", "ทดสอบ  ปินตาเป็ก", "น.ส.ทดสอบ ปินตาเป็ก", "นางทดสอบ ปินตาเป๊ก"],
)
def test_one_person_has_no_two_records_by_spelling(spelling, entries_before):
    first = opened("นางสาวทดสอบ ปินตาเป็ก")
    with pytest.raises(NameMeetsAnother) as met:
        opened(spelling, username="test.two")
    assert met.value.user_ids == {first.user_id}
    assert len(entries(entries_before)) == 1
    # Two persons may share a name; somebody has to say so.
    second = opened(spelling, username="test.two", others=[first.user_id])
    assert second.user_id != first.user_id


def test_alias_meets_a_new_name():
    first = opened("นายสมมุติ ชื่อเดิม")
    actions.add_alias(first.user_id, "นายสมมุติ ชื่อใหม่", place="5712", by=SYSTEM, at=AT)
    with pytest.raises(NameMeetsAnother):
        opened("สมมุติ ชื่อใหม่", username="test.two")


def test_alias_is_added_once_and_never_another_persons_name(entries_before):
    first, second = opened("นายหนึ่ง สมมุติ"), opened("นายสอง สมมุติไกล", username="test.two")
    for _ in range(2):
        actions.add_alias(first.user_id, " นายหนึ่ง   สมมติ ", place="57", by=SYSTEM, at=AT)
    assert list(Alias.objects.values_list("name", flat=True)) == ["นายหนึ่ง สมมติ"]
    with pytest.raises(Refused, match="name-of-another"):
        actions.add_alias(second.user_id, "หนึ่ง สมมุติ", place="57", by=SYSTEM, at=AT)
    assert [entry.act for entry in entries(entries_before)] == [
        "open_account", "open_account", "add_alias",
    ]  # fmt: skip


def test_like_names_are_found_a_sign_away():
    opened("นางสมมุติ ชุมภูคำ")
    opened("นายไกลกัน มากมาย", username="test.two")
    found = like_names("สมมุติ ชมภูคำ")
    assert [(one.name, one.distance) for one in found] == [("นางสมมุติ ชุมภูคำ", 1)]
    assert like_names("   ") == []


def test_closed_account_is_closed_once_and_can_be_reopened(entries_before):
    done = opened()
    for _ in range(2):
        actions.close_account(done.user_id, place="5712", by=SYSTEM, at=AT)
    assert not User.objects.get(pk=done.user_id).is_active
    with pytest.raises(Refused, match="account-closed"):
        actions.appoint(done.user_id, HEAD, by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="account-closed"):
        actions.reset_password(done.user_id, place="5712", by=SYSTEM, at=AT)
    actions.reopen_account(done.user_id, place="5712", by=SYSTEM, at=AT)
    assert User.objects.get(pk=done.user_id).is_active
    assert [entry.act for entry in entries(entries_before)] == [
        "open_account", "close_account", "reopen_account",
    ]  # fmt: skip


def test_nobody_closes_reopens_resets_or_appoints_themselves(entries_before):
    user = make_person(Role.PROVINCIAL_HEAD, "CDD-57")
    me = Actor(f"user:{user.pk}", user.name_th)
    for act in (actions.close_account, actions.reopen_account, actions.reset_password):
        with pytest.raises(Refused, match="own-account"):
            act(user.pk, place="57", by=me, at=AT)
    with pytest.raises(Refused, match="own-post"):
        actions.appoint(user.pk, HEAD, by=me, at=AT)
    assert not entries(entries_before)


def test_reset_password_replaces_the_old_one():
    done = opened()
    fresh = actions.reset_password(done.user_id, place="5712", by=SYSTEM, at=AT)
    user = User.objects.get(pk=done.user_id)
    assert user.check_password(fresh)
    assert not user.check_password(done.one_time_password)
    assert user.password_is_temporary


# -- posts -----------------------------------------------------------------------------------------


def test_appoint_records_office_and_role(entries_before):
    user = make_account()
    post = actions.appoint(user.pk, HEAD, by=SYSTEM, at=AT)
    (entry,) = entries(entries_before)
    assert (entry.act, entry.place, entry.on) == (
        "appoint", "5712", f"user:{user.pk}/post:{post.pk}",
    )  # fmt: skip
    assert entry.detail == {
        "role": "district_head", "office": "CDD-5712", "tenure": "substantive",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("held", "wanted", "clash"),
    [
        (("2025-10-01", None), ("2026-10-01", None), True),
        (("2025-10-01", "2026-09-30"), ("2026-10-01", None), False),
        (("2025-10-01", "2026-09-30"), ("2026-09-30", None), True),  # the last day counts
        (("2026-10-01", None), ("2025-10-01", "2026-09-30"), False),
        (("2026-10-01", None), ("2025-10-01", "2026-10-01"), True),
        (("2025-10-01", "2025-12-31"), ("2025-11-01", "2025-11-30"), True),
    ],
)
def test_head_post_is_held_substantively_by_one_at_a_time(held, wanted, clash):
    def post(days):
        first, last = (date.fromisoformat(day) if day else None for day in days)
        return replace(HEAD, held_from=first, held_to=last)

    actions.appoint(make_account().pk, post(held), by=SYSTEM, at=AT)
    other = make_account()
    if clash:
        with pytest.raises(Refused, match="held-by-another"):
            actions.appoint(other.pk, post(wanted), by=SYSTEM, at=AT)
        assert not Post.objects.filter(user=other).exists()
    else:
        assert actions.appoint(other.pk, post(wanted), by=SYSTEM, at=AT).user_id == other.pk


def test_acting_head_stands_beside_the_substantive_one():
    substantive = actions.appoint(make_account().pk, HEAD, by=SYSTEM, at=AT)
    acting = actions.appoint(
        make_account().pk,
        replace(HEAD, tenure=Tenure.ACTING, in_place_of=substantive.pk, held_to=date(2026, 9, 30)),
        by=SYSTEM,
        at=AT,
    )
    assert acting.in_place_of_id == substantive.pk


@pytest.mark.parametrize("tenure", [Tenure.ACTING, Tenure.SUBSTANTIVE])
def test_in_place_of_somebody_at_another_office_or_substantively(tenure):
    elsewhere = give_post(make_account(), Role.DISTRICT_HEAD, "CDD-5713")
    here = give_post(make_account(), Role.DISTRICT_HEAD, "CDD-5712", held_to=date(2023, 1, 1))
    stood_for = elsewhere if tenure == Tenure.ACTING else here
    new = replace(HEAD, tenure=tenure, in_place_of=stood_for.pk)
    with pytest.raises(Refused, match="in-place-of"):
        actions.appoint(make_account().pk, new, by=SYSTEM, at=AT)


def test_many_officers_hold_the_same_role_at_one_office():
    for _ in range(3):
        actions.appoint(make_account().pk, OFFICER, by=SYSTEM, at=AT)
    user = make_account()
    actions.appoint(user.pk, OFFICER, by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="held-already"):
        actions.appoint(user.pk, OFFICER, by=SYSTEM, at=AT)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": Role.EXECUTIVE}, "no-such-seat"),
        ({"office_code": "CDD-57"}, "no-such-seat"),
        ({"group_key": "zone-57-ing-su-khong"}, "group"),
        ({"role": Role.ZONE_OFFICER, "office_code": "CDD-57"}, "group"),
        ({"held_to": date(2025, 9, 30)}, "ends-early"),
    ],
)
def test_unfit_posts_are_refused(change, code, entries_before):
    with pytest.raises(Refused, match=code):
        actions.appoint(make_account().pk, replace(HEAD, **change), by=SYSTEM, at=AT)
    assert not entries(entries_before)


def test_end_post_sets_and_moves_the_last_day(entries_before):
    post = actions.appoint(make_account().pk, HEAD, by=SYSTEM, at=AT)
    for last in (date(2026, 9, 30), date(2026, 8, 31)):
        actions.end_post(post.pk, held_to=last, order_ref="1/2569", by=SYSTEM, at=AT)
        post.refresh_from_db()
        assert post.held_to == last
    with pytest.raises(Refused, match="ends-early"):
        actions.end_post(post.pk, held_to=date(2025, 9, 30), by=SYSTEM, at=AT)
    recorded = entries(entries_before)
    assert [entry.act for entry in recorded] == ["appoint", "end_post", "end_post"]
    assert recorded[1].after == recorded[2].before
    assert recorded[1].detail["order"] == "1/2569"


def test_end_of_a_post_cannot_be_put_off_into_the_successors_days():
    first = actions.appoint(
        make_account().pk, replace(HEAD, held_to=date(2026, 3, 31)), by=SYSTEM, at=AT
    )
    actions.appoint(make_account().pk, replace(HEAD, held_from=date(2026, 4, 1)), by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="held-by-another"):
        actions.end_post(first.pk, held_to=date(2026, 4, 1), by=SYSTEM, at=AT)
    actions.end_post(first.pk, held_to=date(2026, 2, 28), by=SYSTEM, at=AT)


def test_preferences_are_kept(entries_before):
    user = make_account()
    actions.set_preferences(
        user.pk, language="en", font="looped", by=Actor(f"user:{user.pk}"), at=AT
    )
    user.refresh_from_db()
    assert (user.language, user.font) == ("en", "looped")
    assert [entry.act for entry in entries(entries_before)] == ["set_preferences"]
