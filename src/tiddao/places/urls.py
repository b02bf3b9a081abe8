"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.places.views import groups, search, villages

urlpatterns: list[URLPattern | URLResolver] = [
    path("places/", search.place_search, name="place-search"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new_group, name="group-new"),
    path("groups/<slug:key>/", groups.group, name="group"),
    path("groups/<slug:key>/edit/", groups.group_edit, name="group-edit"),
    path("groups/<slug:key>/members/", groups.group_members, name="group-members"),
    path("groups/<slug:key>/facts/", groups.group_facts, name="group-facts"),
    path("groups/<slug:key>/close/", groups.group_close, name="group-close"),
    path("imports/villages/", villages.imports, name="village-imports"),
    path("imports/villages/<int:import_id>/", villages.one_import, name="village-import"),
    path("imports/villages/<int:import_id>/accept/", villages.accept, name="village-accept"),
    path("imports/villages/<int:import_id>/refuse/", villages.refuse, name="village-refuse"),
]
