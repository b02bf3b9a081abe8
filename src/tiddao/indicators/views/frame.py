"""What stands around the subject of a star page: where it lies, who heads it, what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators import wording
from tiddao.indicators.queries.frameworks import framework_detail
from tiddao.indicators.queries.stars import PlaceStars
from tiddao.indicators.surroundings import above, groups_around, head_of_office
from tiddao.indicators.views.choices import Choice, ChoiceForm, Offered, choice_form
from tiddao.people.access import SignedInRequest, Standing
from tiddao.places.models import Place
from tiddao.places.queries import Unit, full_name, in_language
from tiddao.ui.templatetags.ui import be_time

Link = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class OfficeHead:
    """Who heads the office of a unit, as of the day."""

    name: str
    title: str
    tenure_words: str


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group that a place belongs to; href: None where it is out of the reader's sight."""

    name: str
    href: str | None


@dataclass(frozen=True, slots=True)
class StarsFrame:
    """What all star pages of a unit have around their subject.

    query: the choice as "?year=…" for links. known_at: None for now; now_href: this page as it is
    known now. opened: the moment of this page.
    """

    unit: Unit
    path: tuple[Link, ...]
    groups: tuple[GroupLink, ...]
    office_head: OfficeHead | None
    choices: ChoiceForm | None
    query: str
    basis: str
    known_at: datetime | None
    opened: datetime
    as_of: date | None
    framework_code: str
    framework_year: int
    framework_title: str
    version: int
    digest: str
    proposed: bool
    round_name: str
    now_href: str

    @property
    def choice_words(self) -> str:
        """What is shown, in one line: year, round, which results count, as of when."""
        said = [
            _("Fiscal year %(year)s") % {"year": self.framework_year}
            if self.framework_year
            else "",
            self.round_name,
            wording.word(wording.BASIS_WORDS, self.basis),
            _("as known on %(moment)s") % {"moment": be_time(self.known_at)}
            if self.known_at
            else "",
        ]
        return " · ".join(each for each in said if each)

    @property
    def moment(self) -> datetime:
        """The moment as of which the page knows what it says."""
        return self.known_at or self.opened


def path_to(
    unit: Unit, above: Sequence[Place], standing: Standing, query: str = ""
) -> tuple[Link, ...]:
    """Return the crumbs: places above, linked only where the reader may open them, then the unit."""
    links: list[Link] = []
    for place in above:
        seen = standing.covers(place.code)
        name = full_name(place)
        links.append((name, reverse("place", args=[place.code]) + query if seen else None))
    return (*links, (unit.full_name, None))


def frame_of(
    request: SignedInRequest,
    unit: Unit,
    offered: Offered | None,
    choice: Choice | None,
    stars: PlaceStars | None,
) -> StarsFrame:
    """Return what stands around the subject of a star page."""
    standing = request.standing
    day = stars.as_of if stars is not None and stars.as_of is not None else standing.on
    known_at = choice.known_at if choice else None
    today = timezone.localdate(known_at) if known_at else standing.on
    head = head_of_office(unit, on=today, known_at=known_at)
    query = choice.query() if choice else ""
    now = request.GET.copy()
    now.pop("known_at", None)
    rounds = [(each.code, each.name) for each in stars.rounds] if stars else []
    chosen_round = stars.round.code if stars is not None and stars.round is not None else ""
    return StarsFrame(
        unit=unit,
        path=path_to(unit, above(unit, on=today, known_at=known_at), standing, query),
        groups=tuple(
            GroupLink(
                in_language(each.name_th, each.name_en),
                reverse("place", args=[each.key]) + query
                if each.members and standing.covers_all(each.members)
                else None,
            )
            for each in groups_around(unit, on=day, known_at=known_at)
        ),
        office_head=OfficeHead(
            head.name, head.title, "" if head.tenure == "substantive" else head.tenure_words
        )
        if head
        else None,
        choices=choice_form(offered, rounds, chosen_round) if offered else None,
        query=query,
        basis=choice.basis if choice else "approved",
        known_at=known_at,
        opened=timezone.now(),
        as_of=stars.as_of if stars else None,
        framework_code=stars.framework.code if stars else "",
        framework_year=stars.framework.fiscal_year if stars else 0,
        framework_title=stars.framework.title if stars else "",
        version=stars.version if stars else 0,
        digest=digest_of(stars) if stars else "",
        proposed=stars.definition.proposed if stars else False,
        round_name=stars.round.name if stars is not None and stars.round is not None else "",
        now_href=f"{request.path}?{now.urlencode()}" if now else request.path,
    )


def digest_of(stars: PlaceStars) -> str:
    """Return the digest of the version that scores the round; a closed round keeps an older one."""
    framework = stars.framework
    if framework.version == stars.version:
        return framework.digest
    detail = framework_detail(framework.code, framework.fiscal_year, number=stars.version)
    return detail.shown.digest if detail else ""
