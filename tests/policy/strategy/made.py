"""A department's strategy and a province's direction, written by the real acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.policy.directives.acts import sender_of
from tiddao.ledger.actors import Actor
from tiddao.people.models import User
from tiddao.policy.actions.handing_down import Sender
from tiddao.policy.actions.strategy import (
    Handing,
    Head,
    NewMission,
    NewSource,
    answer_point,
    begin_strategy,
    publish_strategy,
    save_mission,
    save_source,
    save_strategy_head,
)
from tiddao.policy.models import Mission, StrategyVersion
from tiddao.policy.rules.strategy import POINTS

YEAR = 2566
ON = date(2022, 11, 22)
AT = datetime(2022, 11, 22, 3, 0, tzinfo=UTC)
WRITER = Actor("user:901", "ผู้เขียน")
CHECKER = Actor("user:902", "ผู้ตรวจ")
VISION = "เศรษฐกิจฐานรากมั่นคง ชุมชนเข้มแข็งอย่างยั่งยืน"
NATION_SENDER = Sender(office="CDD", place="th", title="รองอธิบดี", scope=frozenset({"th"}))
HEAD_57 = Sender(office="CDD-57", place="57", title="พัฒนาการจังหวัด", scope=frozenset({"57"}))
POINT_WORDS = "อ่านแล้วเห็นว่าผ่าน"


@dataclass
class Pen:
    """Writes in one draft, keeping count of its edition."""

    version: StrategyVersion
    by: Actor = WRITER

    def head(self, **facts) -> None:
        save_strategy_head(self.version.pk, Head(**facts), edition=self.edition, by=self.by, at=AT)

    def source(self, title: str, kind: str = "ministry", **facts) -> str:
        return save_source(
            self.version.pk, NewSource(kind=kind, title=title, **facts),
            edition=self.edition, by=self.by, at=AT,
        )  # fmt: skip

    def mission(self, title: str, key: str = "", **facts) -> str:
        return save_mission(
            self.version.pk, NewMission(title=title, **facts), key=key,
            edition=self.edition, by=self.by, at=AT,
        )  # fmt: skip

    @property
    def edition(self) -> int:
        self.version.refresh_from_db()
        return self.version.edition

    def check(self, by: Actor = CHECKER, points: tuple[str, ...] = POINTS) -> None:
        for point in points:
            answer_point(
                self.version.pk, point, meets=True, words=POINT_WORDS,
                edition=self.edition, by=by, at=AT,
            )  # fmt: skip

    def publish(
        self, sender: Sender = NATION_SENDER, handing: Handing | None = None
    ) -> StrategyVersion:
        return publish_strategy(
            self.version.pk, edition=self.edition, sender=sender, handing=handing, on=ON,
            by=self.by, at=AT + timedelta(hours=1),
        )  # fmt: skip


def begun(
    office: str = "CDD", year: int = YEAR, title: str = "ประเด็นยุทธศาสตร์", by: Actor = WRITER
) -> Pen:
    return Pen(begin_strategy(office, year, title, by=by, at=AT), by)


def department(*missions: str, year: int = YEAR) -> StrategyVersion:
    """Published, with a vision, two sources and the missions (two) on the first."""
    pen = begun(year=year)
    pen.head(title="ประเด็นยุทธศาสตร์กรม", vision=VISION, goal="บำบัดทุกข์ บำรุงสุข")
    first = pen.source("ประเด็นยุทธศาสตร์ที่ 1", "department")
    pen.source("นโยบายที่ยังไม่มีใครรับ", "government")
    for title in missions or ("พัฒนาตำบลเข้มแข็ง", "ขับเคลื่อนอำเภอติดดาว"):
        pen.mission(title, sources=[first])
    return pen.publish()


def direction(
    title: str = "เข็มทิศเชียงราย",
    *,
    above: StrategyVersion | None = None,
    indicators=(),
    handing: Handing | None = None,
    by: Actor = WRITER,
) -> StrategyVersion:
    """Chiang Rai's, published; its first mission carries out the department's first."""
    pen = begun("CDD-57", title=title, by=by)
    carried = Mission.objects.filter(version=above).order_by("order").first() if above else None
    own = pen.source("นโยบายผู้ว่าราชการจังหวัด", "province")
    pen.mission(
        f"แนวทางตำบลเข้มแข็ง {title}", carries_out_id=carried.pk if carried else None,
        indicators=indicators,
    )  # fmt: skip
    pen.mission("แนวทางของจังหวัดเอง", sources=[own], owner="กลุ่มงานยุทธศาสตร์")
    pen.check()
    return pen.publish(HEAD_57, handing)


def actor_of(user: User) -> Actor:
    return sender_of(user, on=ON)[1]
