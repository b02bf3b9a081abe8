"""The people of the demonstration: names that say what they are, posts, one shared password.

Nobody living is called "สาธิต สิบเจ็ด"; the persons named in the department's news appear nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from tiddao.config.demonstration.calendar import MORNING, moment
from tiddao.config.demonstration.districts import CHIANG_RAI, SHOWN, SILENT, WAITING
from tiddao.kernel.money import baht_text
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.people.access import standing_of
from tiddao.people.actions import NewPost, appoint, end_post, open_account
from tiddao.people.actions.accounts import one_time_password
from tiddao.people.models import Post, Role, Tenure, User

ACCOUNTS_FILE = "demonstration-accounts"
"""File in TIDDAO_HOME (mode 0600): one password for all demonstration accounts of this installation."""
SINCE = date(2021, 10, 1)
"""First day of fiscal year 2565: every post is held from then on."""
ZONE = "zone-57-ing-su-khong"
LEFT_OFFICE = date(2023, 6, 30)
"""Last day of ดอยหลวง's head; since then the head of พญาเม็งราย acts there too."""

ADMINISTRATOR = "admin"
DEPUTY = "deputy"
HEAD_OF_PROVINCE = "head-57"
DIRECTOR = "director-57"
FINANCE = "finance-57"


@dataclass(frozen=True, slots=True)
class Demonstrator:
    """One invented person. shown: is listed among the accounts to sign in with."""

    username: str
    role: str
    office: str
    title: str
    group: str | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An account as ``tiddao demo --accounts`` prints it. post: title and office, in Thai."""

    username: str
    name: str
    post: str


def reporter_of(district: str) -> str:
    """Return who reports for a district: its officer where there is one, else its head."""
    return f"officer-{district}" if district in _WITH_OFFICER else f"head-{district}"


def checker_of(district: str) -> str | None:
    """Return who checks what the officer reported; None where the head reports alone."""
    return f"head-{district}" if district in _WITH_OFFICER else None


_WITH_OFFICER = (SHOWN, WAITING)
_ZONE_DISTRICTS = ("5702", "5703", "5704", "5712", "5713", "5714")


def _everybody() -> Iterator[Demonstrator]:
    for code in _WITH_OFFICER:
        yield Demonstrator(
            f"officer-{code}",
            Role.TAMBON_OFFICER,
            f"CDD-{code}",
            "นักวิชาการพัฒนาชุมชน (พัฒนากรประจำตำบล)",
        )
    for code in sorted(
        CHIANG_RAI, key=lambda code: (code not in _ZONE_DISTRICTS, code != SHOWN, code)
    ):
        yield Demonstrator(
            f"head-{code}",
            Role.DISTRICT_HEAD,
            f"CDD-{code}",
            "พัฒนาการอำเภอ",
            shown=code in _ZONE_DISTRICTS,
        )
    yield Demonstrator(
        DIRECTOR, Role.GROUP_DIRECTOR, "CDD-57", "ผู้อำนวยการกลุ่มงานยุทธศาสตร์การพัฒนาชุมชน"
    )
    yield Demonstrator(FINANCE, Role.FINANCE_OFFICER, "CDD-57", "นักวิชาการเงินและบัญชี")
    yield Demonstrator(
        "finance-5712", Role.FINANCE_OFFICER, "CDD-5712", "เจ้าหน้าที่การเงิน สพอ.พญาเม็งราย"
    )
    yield Demonstrator(
        "zone-57", Role.ZONE_OFFICER, "CDD-57", "นักวิชาการพัฒนาชุมชน ประจำโซน", group=ZONE
    )
    yield Demonstrator(HEAD_OF_PROVINCE, Role.PROVINCIAL_HEAD, "CDD-57", "พัฒนาการจังหวัด")
    yield Demonstrator("head-50", Role.PROVINCIAL_HEAD, "CDD-50", "พัฒนาการจังหวัด")
    yield Demonstrator(
        "inspector-16", Role.INSPECTOR, "CDD", "ผู้ตรวจราชการกรม", group="inspection-16"
    )
    yield Demonstrator(DEPUTY, Role.EXECUTIVE, "CDD", "รองอธิบดีกรมการพัฒนาชุมชน")
    yield Demonstrator("auditor", Role.AUDITOR, "CDD", "ผู้ตรวจสอบการเงินแผ่นดิน")


EVERYBODY: tuple[Demonstrator, ...] = (
    Demonstrator(ADMINISTRATOR, Role.ADMINISTRATOR, "CDD", "ผู้ดูแลระบบ"),
    *_everybody(),
)
USERNAMES = frozenset(each.username for each in EVERYBODY)


def name_of(number: int) -> str:
    """Return the invented name of the person of that number, "นายสาธิต หนึ่ง"."""
    title = ("นาย", "นางสาว", "นาง")[number % 3 - 1]
    return f"{title}สาธิต {baht_text(number).removesuffix('บาทถ้วน')}"


# -- the stage ------------------------------------------------------------------------------------


def strangers() -> bool:
    """Say whether somebody has an account here who is nobody of the demonstration."""
    return User.objects.exclude(username__in=USERNAMES).exists()


def people_are_there() -> bool:
    return User.objects.filter(username__in=USERNAMES).count() == len(USERNAMES)


def make_people() -> None:
    """Open every account in its post; the administrator's is opened by the system itself."""
    password = _made_password()
    by, at = SYSTEM, moment(SINCE, MORNING)
    for number, each in enumerate(EVERYBODY, start=1):
        open_account(
            username=each.username,
            name_th=name_of(number),
            post=NewPost(
                role=each.role,
                office_code=each.office,
                held_from=SINCE,
                group_key=each.group,
                title_th=each.title,
            ),
            password=password,
            by=by,
            at=at,
        )
        if each.username == ADMINISTRATOR:
            by = actor(ADMINISTRATOR, on=SINCE)
    _hand_over(by)


def _hand_over(by: Actor) -> None:
    """The head of ดอยหลวง leaves; the head of พญาเม็งราย acts in that place (รักษาราชการแทน)."""
    left = Post.objects.get(user__username=f"head-{SILENT}")
    end_post(left.pk, held_to=LEFT_OFFICE, by=by, at=moment(LEFT_OFFICE, MORNING))
    begins = date(2023, 7, 1)
    appoint(
        User.objects.get(username=f"head-{SHOWN}").pk,
        NewPost(
            role=Role.DISTRICT_HEAD,
            office_code=f"CDD-{SILENT}",
            held_from=begins,
            tenure=Tenure.ACTING,
            title_th="พัฒนาการอำเภอ (รักษาราชการแทน)",
            order_ref="คำสั่งสาธิต ที่ 1/2566",
            in_place_of=left.pk,
        ),
        by=by,
        at=moment(begins, MORNING),
    )


def actor(username: str, *, on: date) -> Actor:
    """Return the person as the ledger writes them on the day, acting under their first post."""
    standing = standing_of(User.objects.get(username=username), on=on)
    return standing.actor(standing.posts[0])


# -- accounts and their password ------------------------------------------------------------------


def accounts() -> list[DemonstrationAccount]:
    """Return the accounts to sign in with, in the order of the offices; empty before the stage."""
    shown = [each.username for each in EVERYBODY if each.shown]
    users = User.objects.filter(username__in=shown).prefetch_related(
        "posts__office", "posts__group"
    )
    by_name = {user.username: user for user in users}
    return [
        DemonstrationAccount(name, by_name[name].name_th, " และ ".join(_posts(by_name[name])))
        for name in shown[1:] + shown[:1]
        if name in by_name
    ]


def _posts(user: User) -> Iterable[str]:
    for post in sorted(user.posts.all(), key=lambda post: post.pk):
        where = post.group.name_th if post.group else post.office.name_th
        yield f"{post.title_th} {where}"


def shared_password() -> str:
    """Return the password of this installation's demonstration accounts; "" when it is not kept."""
    path = Path(settings.HOME) / ACCOUNTS_FILE
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _made_password() -> str:
    """Return the shared password, made and kept for its owner alone on the first time."""
    kept = shared_password()
    if kept:
        return kept
    path = Path(settings.HOME) / ACCOUNTS_FILE
    password = one_time_password()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password
