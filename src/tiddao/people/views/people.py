"""People and their posts, as far as one's own posts reach."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.ledger.actors import Actor
from tiddao.people import actions
from tiddao.people.access import SignedInRequest, offices_within, require, require_anywhere
from tiddao.people.actions import NameMeetsAnother, Refused
from tiddao.people.forms import (
    AliasForm,
    EndPostForm,
    PeopleFilter,
    PersonForm,
    PostForm,
    ReceiveForm,
    ReopenForm,
)
from tiddao.people.queries import (
    LikeName,
    Person,
    find_person,
    find_post,
    known_in,
    like_names,
    people_page,
    user_by_username,
)
from tiddao.places.models import Office


def _offices(request: SignedInRequest) -> QuerySet[Office]:
    return offices_within(require_anywhere(request, "see_people"))


def _person_or_404(request: SignedInRequest, user_id: int) -> Person:
    person = find_person(user_id, _offices(request), on=request.standing.on)
    if person is None:
        raise Http404
    return person


def _may_manage(request: SignedInRequest, person: Person) -> bool:
    """Say whether every post the person holds is one that the viewer may give."""
    standing = request.standing
    return person.id != standing.user_id and all(
        role in standing.grantable_at(place) for role, place in person.seats
    )


def _managed_or_refused(request: SignedInRequest, user_id: int) -> tuple[Person, Actor]:
    person = _person_or_404(request, user_id)
    post = require(request, "manage_people", person.place)
    if not _may_manage(request, person):
        raise PermissionDenied
    return person, request.standing.actor(post)


def _refused(request: SignedInRequest, refusal: Refused, form: Form | None = None) -> None:
    if form is None:
        messages.error(request, str(refusal.words))
    else:
        form.add_error(None, str(refusal.words))


@require_GET
def people(request: SignedInRequest) -> HttpResponse:
    """List who holds a post at the offices in scope, by name."""
    offices = _offices(request)
    names = list(offices.order_by("pk").values_list("pk", "name_th"))
    form = PeopleFilter(request.GET or None, offices=names)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = people_page(
        offices,
        on=request.standing.on,
        text=wanted.get("q", ""),
        office_code=wanted.get("office", ""),
        role=wanted.get("role", ""),
        former=wanted.get("former", False),
        number=request.GET.get("page", 1),
    )
    may_add = request.standing.may("manage_people")
    return render(request, "people/people.html", {"page": page, "form": form, "may_add": may_add})


@require_GET
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Show one person: posts over time, spellings of the name, the account."""
    shown = _person_or_404(request, user_id)
    standing = request.standing
    posts = [
        (post, post.is_held(standing.on), post.role in standing.grantable_at(post.place_code))
        for post in shown.posts
    ]
    context = {
        "person": shown,
        "posts": posts,
        "may_manage": _may_manage(request, shown) and standing.may("manage_people", shown.place),
        "may_appoint": shown.id != standing.user_id and standing.may("manage_people", shown.place),
        "alias_form": AliasForm(),
        "reopen_form": ReopenForm(initial={"expires_on": None}),
    }
    return render(request, "people/person.html", context)


@never_cache
@sensitive_variables("opened")
@require_http_methods(["GET", "POST"])
def person_add(request: SignedInRequest) -> HttpResponse:
    """Open an account for a new person, after a look at those of a like name."""
    require_anywhere(request, "manage_people")
    form = PersonForm(
        request.POST or None, standing=request.standing, initial={"held_from": request.standing.on}
    )
    like: list[LikeName] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        like = like_names(data["name_th"])
        if not like or data["is_another"]:
            actor = _actor_at(request, data["office"])
            try:
                opened = actions.open_account(
                    username=data["username"],
                    name_th=data["name_th"],
                    name_en=data["name_en"],
                    expires_on=data["expires_on"],
                    post=form.new_post(),
                    others=[one.user_id for one in like],
                    by=actor,
                    at=timezone.now(),
                )
            except NameMeetsAnother:  # opened by a colleague at this very moment
                like = like_names(data["name_th"])
            except Refused as refusal:
                _refused(request, refusal, form)
            else:
                return _password_once(
                    request,
                    opened.user_id,
                    data["name_th"],
                    data["username"],
                    opened.one_time_password,
                )
    known = known_in([one.user_id for one in like], _offices(request))
    context = {
        "form": form,
        "like_here": [one for one in like if one.user_id in known],
        "like_elsewhere": sum(one.user_id not in known for one in like),
    }
    return render(request, "people/person_add.html", context)


@require_http_methods(["GET", "POST"])
def person_receive(request: SignedInRequest) -> HttpResponse:
    """Give a post to somebody who comes with an account from another office."""
    require_anywhere(request, "manage_people")
    form = ReceiveForm(
        request.POST or None, standing=request.standing, initial={"held_from": request.standing.on}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user_id = user_by_username(data["username"], data["name_th"])
        if user_id is None:
            # One answer for a wrong name and a wrong user name: nobody can try names out.
            form.add_error(None, _("There is no open account of this user name and name."))
        elif _appointed(request, user_id, form):
            return redirect("person", user_id)
    return render(request, "people/person_receive.html", {"form": form})


@require_http_methods(["GET", "POST"])
def post_add(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Give a person in sight another post."""
    shown = _person_or_404(request, user_id)
    require_anywhere(request, "manage_people")
    form = PostForm(
        request.POST or None, standing=request.standing, initial={"held_from": request.standing.on}
    )
    if request.method == "POST" and form.is_valid() and _appointed(request, shown.id, form):
        return redirect("person", user_id)
    return render(request, "people/post_add.html", {"form": form, "person": shown})


def _actor_at(request: SignedInRequest, office: Office) -> Actor:
    return request.standing.actor(require(request, "manage_people", office.place_id))


def _appointed(request: SignedInRequest, user_id: int, form: PostForm) -> bool:
    actor = _actor_at(request, form.cleaned_data["office"])
    try:
        actions.appoint(user_id, form.new_post(), by=actor, at=timezone.now())
    except Refused as refusal:
        _refused(request, refusal, form)
        return False
    messages.success(request, _("The post is given."))
    return True


@require_http_methods(["GET", "POST"])
def post_end(request: SignedInRequest, user_id: int, post_id: int) -> HttpResponse:
    """Set the last day of a post."""
    shown = _person_or_404(request, user_id)
    post = find_post(post_id, user_id, _offices(request))
    if post is None:
        raise Http404
    actor = request.standing.actor(require(request, "manage_people", post.place_code))
    if post.role not in request.standing.grantable_at(post.place_code):
        raise PermissionDenied
    form = EndPostForm(
        request.POST or None, initial={"held_to": post.held_to or request.standing.on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(post.id, **form.cleaned_data, by=actor, at=timezone.now())
        except Refused as refusal:
            _refused(request, refusal, form)
        else:
            messages.success(request, _("The last day of the post is set."))
            return redirect("person", user_id)
    return render(request, "people/post_end.html", {"form": form, "person": shown, "post": post})


@never_cache
@require_POST
def person_password(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Give a person in charge a new one-time password, shown on this page alone."""
    shown, actor = _managed_or_refused(request, user_id)
    try:
        password = actions.reset_password(user_id, place=shown.place, by=actor, at=timezone.now())
    except Refused as refusal:
        _refused(request, refusal)
        return redirect("person", user_id)
    return _password_once(request, user_id, shown.name, shown.username, password)


def _password_once(
    request: SignedInRequest, user_id: int, name: str, username: str, password: str
) -> HttpResponse:
    """Answer with the password itself: it is kept nowhere, so there is nothing to redirect to."""
    context = {"user_id": user_id, "name": name, "username": username, "password": password}
    return render(request, "people/password_once.html", context)


@require_POST
def person_close(request: SignedInRequest, user_id: int) -> HttpResponse:
    return _on_account(
        request,
        user_id,
        lambda shown, actor: actions.close_account(
            user_id, place=shown.place, by=actor, at=timezone.now()
        ),
        _("The account is closed."),
    )


@require_POST
def person_reopen(request: SignedInRequest, user_id: int) -> HttpResponse:
    _managed_or_refused(request, user_id)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["expires_on"])))
        return redirect("person", user_id)
    return _on_account(
        request,
        user_id,
        lambda shown, actor: actions.reopen_account(
            user_id,
            place=shown.place,
            expires_on=form.cleaned_data["expires_on"],
            by=actor,
            at=timezone.now(),
        ),
        _("The account is open again."),
    )


@require_POST
def alias_add(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Add another spelling of a person's name."""
    _managed_or_refused(request, user_id)
    form = AliasForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["name"])))
        return redirect("person", user_id)
    return _on_account(
        request,
        user_id,
        lambda shown, actor: actions.add_alias(
            user_id, form.cleaned_data["name"], place=shown.place, by=actor, at=timezone.now()
        ),
        _("The spelling is added."),
    )


def _on_account(
    request: SignedInRequest,
    user_id: int,
    act: Callable[[Person, Actor], object],
    done: str,
) -> HttpResponse:
    shown, actor = _managed_or_refused(request, user_id)
    try:
        act(shown, actor)
    except Refused as refusal:
        _refused(request, refusal)
    else:
        messages.success(request, done)
    return redirect("person", user_id)
