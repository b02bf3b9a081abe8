"""Addresses of templates of official papers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import papers

_KIND = "paper-templates/<slug:office_code>/<slug:template_kind>/"
_ONE = "paper-templates/versions/<int:template_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("paper-templates/", papers.paper_templates, name="paper-templates"),
    path(_ONE, papers.template_version, name="paper-template-version"),
    path(_ONE + "file/", papers.template_file, name="paper-template-file"),
    path(_ONE + "sample/", papers.template_sample, name="paper-template-sample"),
    path(_ONE + "in-force/", papers.template_in_force, name="paper-template-in-force"),
    path(_ONE + "drop/", papers.template_drop, name="paper-template-drop"),
    path(_KIND, papers.paper_template, name="paper-template"),
    path(_KIND + "present/", papers.template_present, name="paper-template-present"),
    path(_KIND + "standard/", papers.template_standard, name="paper-template-standard"),
]
