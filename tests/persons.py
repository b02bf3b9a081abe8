"""The people of the tests: fixtures for every area, and a way to make more.

Three people judge every page: a provincial head (57 เชียงราย), the head of one of its districts
(5712 พญาเม็งราย), and a stranger (an officer of 50 เชียงใหม่) who must see nothing of theirs.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tiddao.people.models import Post, Role, Tenure, User

BANGKOK = ZoneInfo("Asia/Bangkok")
PASSWORD = "ทดสอบ-Aa-2566-ยาวพอ"
SINCE = date(2022, 10, 1)  # first day of fiscal year 2566

_numbers = count(1)


def make_account(
    name: str = "", *, username: str = "", password: str | None = None, **fields
) -> User:
    """An account without a post. Without a password it can only be forced in (fast)."""
    number = next(_numbers)
    user = User(
        username=username or f"person-{number}",
        name_th=name or f"บุคคลสมมุติ ลำดับที่{number}",
        created_at=datetime(2022, 10, 1, 8, 30, tzinfo=BANGKOK),
        **fields,
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


def give_post(
    user: User,
    role: str,
    office_code: str,
    *,
    tenure: str = Tenure.SUBSTANTIVE,
    held_from: date = SINCE,
    held_to: date | None = None,
    group_key: str | None = None,
    title: str = "",
) -> Post:
    return Post.objects.create(
        user=user,
        role=role,
        office_id=office_code,
        tenure=tenure,
        held_from=held_from,
        held_to=held_to,
        group_id=group_key,
        title_th=title,
    )


def make_person(
    role: str,
    office_code: str,
    *,
    name: str = "",
    username: str = "",
    password: str | None = None,
    tenure: str = Tenure.SUBSTANTIVE,
    held_from: date = SINCE,
    held_to: date | None = None,
    group_key: str | None = None,
    title: str = "",
) -> User:
    """An account with one post. Offices: "CDD", "CDD-57", "CDD-5712"; role: people.models.Role."""
    user = make_account(name, username=username, password=password)
    give_post(
        user,
        role,
        office_code,
        tenure=tenure,
        held_from=held_from,
        held_to=held_to,
        group_key=group_key,
        title=title,
    )
    return user


def signed_in(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def make_provincial_head() -> User:
    """พัฒนาการจังหวัด เชียงราย (57)."""
    return make_person(Role.PROVINCIAL_HEAD, "CDD-57", name="นางสาวสมมุติ เชียงรายหัวหน้า")


def make_district_head() -> User:
    """พัฒนาการอำเภอ พญาเม็งราย (5712)."""
    return make_person(Role.DISTRICT_HEAD, "CDD-5712", name="นายสมมุติ พญาเม็งรายหัวหน้า")


def make_stranger() -> User:
    """ผู้อำนวยการกลุ่มงาน เชียงใหม่ (50): may do much, but nothing in 57."""
    return make_person(Role.GROUP_DIRECTOR, "CDD-50", name="นายสมมุติ เชียงใหม่ผู้มาเยือน")


def make_executive() -> User:
    """รองอธิบดี: the nation."""
    return make_person(Role.EXECUTIVE, "CDD", name="นางสมมุติ ส่วนกลางผู้บริหาร")


@pytest.fixture
def provincial_head(db) -> User:
    return make_provincial_head()


@pytest.fixture
def district_head(db) -> User:
    return make_district_head()


@pytest.fixture
def stranger(db) -> User:
    return make_stranger()


@pytest.fixture
def executive(db) -> User:
    return make_executive()
