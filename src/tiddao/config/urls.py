"""The map of the whole site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import django_auth

from tiddao.budget.api import router as budget
from tiddao.evidence.api import router as evidence
from tiddao.indicators.api import router as indicators
from tiddao.places.api import router as places
from tiddao.policy.api import router as policy

api = NinjaAPI(title="Tiddao", version="1", auth=django_auth, urls_namespace="api-1")
api.add_router("", places, tags=["places"])
api.add_router("", indicators, tags=["stars"])
api.add_router("", budget, tags=["money"])
api.add_router("", evidence, tags=["evidence"])
api.add_router("", policy, tags=["policy"])


@api.exception_handler(ValidationError)
def refused_parameters(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    """Answer in the one shape of all errors: {"detail": words}, naming each parameter."""
    said = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in refused.errors)
    return api.create_response(request, {"detail": said}, status=422)


urlpatterns = [
    path("", include("tiddao.people.urls")),
    path("", include("tiddao.places.urls")),
    path("", include("tiddao.indicators.urls")),
    path("", include("tiddao.evidence.urls")),
    path("", include("tiddao.policy.urls")),
    path("", include("tiddao.budget.urls")),
    path("", include("tiddao.ledger.urls")),
    path("ui/", include("tiddao.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
]
