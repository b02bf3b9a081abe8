"""Reads about people, their posts and what they may open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from tiddao.kernel.names import fold_person, spelling_distance, split_place_prefix
from tiddao.people.models import Alias, Post, Tenure, User
from tiddao.places import tree
from tiddao.places.models import Office, Place, PlaceGroup
from tiddao.places.queries import full_name, in_language, level_name

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post for show. held_to: its last day, None while there is none. instead_of: who is acted for."""

    id: int
    user_id: int
    role: str
    role_words: str
    title: str
    office_code: str
    office_name: str
    place_code: str
    group_key: str
    group_name: str
    tenure: str
    tenure_words: str
    held_from: date
    held_to: date | None
    order_ref: str
    instead_of: str

    @property
    def is_substantive(self) -> bool:
        return self.tenure == Tenure.SUBSTANTIVE

    def is_held(self, on: date) -> bool:
        return self.held_from <= on and (self.held_to is None or on <= self.held_to)


def _held_on(on: date) -> Q:
    return Q(held_from__lte=on) & (Q(held_to__isnull=True) | Q(held_to__gte=on))


def _lines(posts: QuerySet[Post]) -> list[PostLine]:
    """Return the posts for show, newest first. One query."""
    found = posts.select_related("office", "group", "in_place_of__user").order_by(
        "-held_from", "-id"
    )
    return [
        PostLine(
            id=post.pk,
            user_id=post.user_id,
            role=post.role,
            role_words=str(post.get_role_display()),
            title=post.title,
            office_code=post.office_id,
            office_name=in_language(post.office.name_th, post.office.name_en),
            place_code=post.office.place_id,
            group_key=post.group_id or "",
            group_name=in_language(post.group.name_th, post.group.name_en) if post.group else "",
            tenure=post.tenure,
            tenure_words=str(post.get_tenure_display()),
            held_from=post.held_from,
            held_to=post.held_to,
            order_ref=post.order_ref,
            instead_of=post.in_place_of.user.name_th if post.in_place_of else "",
        )
        for post in found
    ]


# -- home ------------------------------------------------------------------------------------------


def held_posts(user_id: int, *, on: date) -> list[PostLine]:
    """Return the posts the person holds on the day. One query."""
    return _lines(Post.objects.filter(_held_on(on), user_id=user_id))


@dataclass(frozen=True, slots=True)
class PlaceLink:
    key: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class HomePlace:
    """A place or group that somebody looks after, and the places straight below it."""

    key: str
    name: str
    level: str
    level_words: str
    children: tuple[PlaceLink, ...]


def home_places(
    roots: Collection[str], group_keys: Collection[str], *, on: date
) -> list[HomePlace]:
    """Return the groups and the places, each with what lies straight below, by name.

    roots: codes of the places looked after on their own. Four queries at most, however many.
    """

    def link(place: Place) -> PlaceLink:
        return PlaceLink(place.code, full_name(place), str(place.level))

    groups = list(PlaceGroup.objects.filter(tree.exists_on(on), key__in=group_keys))
    members = tree.members_of({group.key for group in groups}, on=on)
    codes = set(roots).union(*members.values()) if members else set(roots)
    existing = Place.objects.filter(tree.exists_on(on))
    places = {place.code: place for place in existing.filter(code__in=codes)}
    below: dict[str, list[PlaceLink]] = defaultdict(list)
    for child in existing.filter(parent__in=set(roots)).order_by("sort_key"):
        below[child.parent_id or ""].append(link(child))
    shown = [
        HomePlace(
            key=group.key,
            name=in_language(group.name_th, group.name_en),
            level=str(group.kind),
            level_words=str(group.get_kind_display()),
            children=tuple(
                link(place)
                for place in sorted(
                    (places[code] for code in members[group.key] if code in places),
                    key=lambda place: place.sort_key,
                )
            ),
        )
        for group in groups
    ]
    shown.extend(
        HomePlace(
            key=places[code].code,
            name=link(places[code]).name,
            level=str(places[code].level),
            level_words=level_name(places[code]),
            children=tuple(below[code]),
        )
        for code in sorted(roots)
        if code in places
    )
    return shown


# -- people ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. posts: those on the day, at offices in scope."""

    id: int
    name: str
    is_open: bool
    expires_on: date | None
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Rows of one page; pages: the same page for the pager."""

    rows: tuple[PersonRow, ...]
    pages: Page[User]


def people_page(
    offices: QuerySet[Office],
    *,
    on: date,
    text: str = "",
    office_code: str = "",
    role: str = "",
    former: bool = False,
    number: str | int = 1,
) -> PeoplePage:
    """Return one page of the people who hold a post at one of the offices on the day, by name.

    text: part of a name or of another spelling of it. former: everybody who ever held one. Three
    queries, however many rows.
    """
    within = Post.objects.filter(office__in=offices)
    current = within.filter(_held_on(on))
    wanted = within if former else current
    if office_code:
        wanted = wanted.filter(office_id=office_code)
    if role:
        wanted = wanted.filter(role=role)
    people = User.objects.filter(pk__in=wanted.values("user"))
    if text.strip():
        folded = fold_person(text)
        people = people.filter(
            Q(folded__contains=folded)
            | Q(name_en__icontains=text.strip())
            | Q(pk__in=Alias.objects.filter(folded__contains=folded).values("user"))
        )
    page = Paginator(people.order_by("sort_key", "pk"), PAGE_SIZE).get_page(number)
    users = list(page.object_list)
    posts: dict[int, list[PostLine]] = defaultdict(list)
    for line in _lines(current.filter(user__in=[user.pk for user in users])):
        posts[line.user_id].append(line)
    rows = [
        PersonRow(
            id=user.pk,
            name=user.name_th,
            is_open=user.may_sign_in(on=on),
            expires_on=user.expires_on,
            posts=tuple(posts[user.pk]),
        )
        for user in users
    ]
    return PeoplePage(tuple(rows), page)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as seen from some offices.

    posts: all that were ever held there, newest first. elsewhere: how many others there are.
    current_places: offices' places of all posts held on the day with their role, seen or not.
    """

    id: int
    username: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    is_active: bool
    is_open: bool
    expires_on: date | None
    last_login: datetime | None
    waits_for_first_sign_in: bool
    posts: tuple[PostLine, ...]
    elsewhere: int
    seats: frozenset[tuple[str, str]]  # (role, place code) held on the day, or the last ones

    @property
    def place(self) -> str:
        """The place of the newest post in sight."""
        return self.posts[0].place_code


def find_person(user_id: int, offices: QuerySet[Office], *, on: date) -> Person | None:
    """Return the person if a post of theirs, of any time, is at one of the offices; else None."""
    every = Post.objects.filter(user_id=user_id)
    posts = _lines(every.filter(office__in=offices))
    if not posts:
        return None
    user = User.objects.get(pk=user_id)
    held = [
        (p.role, p.office.place_id) for p in every.filter(_held_on(on)).select_related("office")
    ]
    return Person(
        id=user.pk,
        username=user.username,
        name=user.name_th,
        name_en=user.name_en,
        aliases=tuple(user.aliases.order_by("name").values_list("name", flat=True)),
        is_active=user.is_active,
        is_open=user.may_sign_in(on=on),
        expires_on=user.expires_on,
        last_login=user.last_login,
        waits_for_first_sign_in=user.password_is_temporary,
        posts=tuple(posts),
        elsewhere=every.count() - len(posts),
        seats=frozenset(held or {(post.role, post.place_code) for post in posts}),
    )


def find_post(post_id: int, user_id: int, offices: QuerySet[Office]) -> PostLine | None:
    """Return the person's post if it is at one of the offices; else None."""
    found = _lines(Post.objects.filter(pk=post_id, user_id=user_id, office__in=offices))
    return found[0] if found else None


def office_posts(
    offices: QuerySet[Office], *, on: date, roles: Collection[str]
) -> list[tuple[PostLine, str]]:
    """Return the substantive posts of the roles at the offices that somebody could act for today.

    Each with its holder's name; posts that ended within the last year are among them, for a head
    who has retired is still acted for.
    """
    since = (
        on.replace(year=on.year - 1) if (on.month, on.day) != (2, 29) else date(on.year - 1, 2, 28)
    )
    rows = Post.objects.filter(
        Q(held_to__isnull=True) | Q(held_to__gte=since),
        office__in=offices,
        role__in=roles,
        tenure=Tenure.SUBSTANTIVE,
    )
    names = dict(rows.values_list("pk", "user__name_th"))
    return [(line, names[line.id]) for line in _lines(rows)]


# -- names -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LikeName:
    """Somebody of a like name. distance: signs that differ after folding; 0 = the same but spelling."""

    user_id: int
    name: str
    distance: int


def same_folded_name(name: str) -> frozenset[int]:
    """Return the accounts whose name, or another spelling of it, folds to the same key."""
    folded = fold_person(name)
    own = User.objects.filter(folded=folded).values_list("pk", flat=True)
    other = Alias.objects.filter(folded=folded).values_list("user_id", flat=True)
    return frozenset(own) | frozenset(other)


def like_names(name: str, *, bound: int = 2) -> list[LikeName]:
    """Return the people whose name is at most a few signs from this one, the nearest first.

    Looks at names of about the same length that begin or end alike. Two queries.
    """
    folded = fold_person(name)
    if not folded:
        return []
    near = (
        Q(folded_length__gte=len(folded) - bound)
        & Q(folded_length__lte=len(folded) + bound)
        & (Q(folded__startswith=folded[:2]) | Q(folded__endswith=folded[-3:]))
    )
    nearest: dict[int, LikeName] = {}
    own = User.objects.annotate(folded_length=Length("folded")).filter(near)
    other = Alias.objects.annotate(folded_length=Length("folded")).filter(near)
    candidates = [
        *own.values_list("pk", "name_th", "folded"),
        *other.values_list("user_id", "user__name_th", "folded"),
    ]
    for user_id, shown, key in candidates:
        distance = 0 if key == folded else spelling_distance(key, folded, bound=bound)
        known = nearest.get(user_id)
        if distance <= bound and (known is None or distance < known.distance):
            nearest[user_id] = LikeName(user_id, shown, distance)
    return sorted(nearest.values(), key=lambda one: (one.distance, one.name, one.user_id))


def known_in(user_ids: Collection[int], offices: QuerySet[Office]) -> frozenset[int]:
    """Return those of the accounts that ever held a post at one of the offices."""
    posts = Post.objects.filter(user__in=user_ids, office__in=offices)
    return frozenset(posts.values_list("user_id", flat=True))


def user_by_username(username: str, name: str) -> int | None:
    """Return the open account of exactly this user name whose name folds to the same key."""
    user = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
    return user.pk if user is not None and user.pk in same_folded_name(name) else None


def place_names(codes: Collection[str]) -> dict[str, str]:
    """Return the full names of the places in the language of the page. One query."""
    return {place.code: full_name(place) for place in Place.objects.filter(code__in=codes)}


def office_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of the offices in the language of the page. One query."""
    return {
        code: in_language(name_th, name_en)
        for code, name_th, name_en in Office.objects.filter(code__in=codes).values_list(
            "code", "name_th", "name_en"
        )
    }


def places_called(text: str, roots: Collection[str]) -> frozenset[str]:
    """Return the codes of the places within the roots that bear this name or code."""
    wanted = text.strip()
    bare = split_place_prefix(wanted).bare
    found = Place.objects.filter(
        tree.within_any(roots),
        Q(code=wanted) | Q(name_th__in=(wanted, bare)) | Q(name_en__iexact=wanted),
    )
    return frozenset(found.values_list("code", flat=True))
