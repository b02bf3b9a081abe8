"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.indicators.views import (
    cascade,
    drafts,
    entry,
    frameworks,
    imports,
    league,
    personal,
    place,
    quality,
    reports,
    review,
    rounds,
    series,
    timeliness,
)

_FRAMEWORK = "frameworks/<slug:code>/<int:year>/"

_PERSONAL = "personal/<int:plan_id>/"

_ENTRY = "places/<slug:key>/report/<int:round_id>/"

_REVIEW = "places/<slug:key>/review/<int:round_id>/"

_ROUND = "rounds/<slug:code>/<int:year>/<str:round_code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("places/<slug:key>/series/", series.series, name="place-series"),
    path("places/<slug:key>/reports/", reports.reports, name="reports"),
    path("places/<slug:key>/reports/issue/", reports.report_issue, name="report-issue"),
    path("reports/check/", reports.report_check, name="report-check"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/report.pdf", reports.report_pdf, name="report-pdf"),
    path("reports/<int:report_id>/report.json", reports.report_json, name="report-json"),
    path("reports/<int:report_id>/changes/", reports.report_changes, name="report-changes"),
    path("places/<slug:key>/", place.place, name="place"),
    path("places/<slug:key>/stars.pdf", place.place_pdf, name="place-pdf"),
    path("places/<slug:key>/stars.xlsx", place.place_xlsx, name="place-xlsx"),
    path("places/<slug:key>/why/", place.why, name="place-why"),
    path("places/<slug:key>/why/why.json", place.why_json, name="place-why-json"),
    path("places/<slug:key>/why/why.xlsx", place.why_xlsx, name="place-why-xlsx"),
    path("places/<slug:key>/why/<str:code>/", place.why_indicator, name="place-why-indicator"),
    path("places/<slug:key>/next/", place.next_page, name="place-next"),
    path("places/<slug:key>/children/", league.children, name="place-children"),
    path("places/<slug:key>/league.xlsx", league.league_xlsx, name="league-xlsx"),
    path("league/", league.league, name="league"),
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path(_FRAMEWORK, frameworks.framework, name="framework"),
    path(_FRAMEWORK + "definition.toml", frameworks.framework_toml, name="framework-toml"),
    path(_FRAMEWORK + "definition.xlsx", frameworks.framework_xlsx, name="framework-xlsx"),
    path(_FRAMEWORK + "copy/", frameworks.framework_copy, name="framework-copy"),
    path(_FRAMEWORK + "draft/", drafts.draft, name="draft"),
    path(_FRAMEWORK + "draft/new/", frameworks.draft_new, name="draft-new"),
    path(_FRAMEWORK + "draft/head/", drafts.draft_head, name="draft-head"),
    path(_FRAMEWORK + "draft/dimensions/", drafts.draft_dimensions, name="draft-dimensions"),
    path(_FRAMEWORK + "draft/rounds/", drafts.draft_rounds, name="draft-rounds"),
    path(_FRAMEWORK + "draft/indicators/", drafts.draft_indicator, name="draft-indicator-new"),
    path(
        _FRAMEWORK + "draft/indicators/<str:indicator>/",
        drafts.draft_indicator,
        name="draft-indicator",
    ),
    path(_FRAMEWORK + "draft/file/", drafts.draft_upload, name="draft-upload"),
    path(_FRAMEWORK + "draft/publish/", drafts.draft_publish, name="draft-publish"),
    path("results/import/", imports.import_results, name="import-results"),
    path("results/import/<int:import_id>/", imports.import_result, name="import-result"),
    path(
        "results/import/<int:import_id>/findings.xlsx",
        imports.import_findings,
        name="import-findings",
    ),
    path("results/import/<int:import_id>/accept/", imports.import_accept, name="import-accept"),
    path("results/import/<int:import_id>/refuse/", imports.import_refuse, name="import-refuse"),
    path("personal/", personal.personal, name="personal"),
    path("personal/begin/", personal.personal_begin, name="personal-begin"),
    path("personal/team/", personal.personal_team, name="personal-team"),
    path(_PERSONAL, personal.personal_plan, name="personal-plan"),
    path(_PERSONAL + "form.pdf", personal.personal_pdf, name="personal-pdf"),
    path(_PERSONAL + "assess/", personal.personal_assess, name="personal-assess"),
    path(_PERSONAL + "acts/<slug:act>/", personal.personal_act, name="personal-act"),
    path(_PERSONAL + "lines/new/", personal.personal_line, name="personal-line-new"),
    path(_PERSONAL + "lines/<int:line_id>/", personal.personal_line, name="personal-line"),
    path(
        _PERSONAL + "lines/<int:line_id>/drop/",
        personal.personal_line_drop,
        name="personal-line-drop",
    ),
    path("places/<slug:key>/targets/", cascade.targets, name="targets"),
    path("places/<slug:key>/targets/targets.xlsx", cascade.targets_xlsx, name="targets-xlsx"),
    path("places/<slug:key>/targets/answer/", cascade.target_answer, name="target-answer"),
    path(
        "places/<slug:key>/targets/<slug:code>/<int:year>/<str:indicator>/",
        cascade.target,
        name="target",
    ),
    path("places/<slug:key>/report/", entry.rounds_to_report, name="entry-rounds"),
    path(_ENTRY, entry.entry, name="entry"),
    path(_ENTRY + "excel/", imports.results_workbook, name="results-workbook"),
    path(
        _ENTRY + "excel/results.xlsx", imports.results_workbook_xlsx, name="results-workbook-xlsx"
    ),
    path(_ENTRY + "submit/", entry.entry_submit, name="entry-submit"),
    path(_ENTRY + "conflicts/<int:conflict>/", entry.entry_conflict, name="entry-conflict"),
    path(_ENTRY + "<str:indicator>/", entry.entry_indicator, name="entry-indicator"),
    path(_REVIEW, review.review, name="review"),
    path(_REVIEW + "decide/", review.review_decide, name="review-decide"),
    path(_ROUND, rounds.round_page, name="round"),
    path(_ROUND + "reported.xlsx", rounds.round_xlsx, name="round-xlsx"),
    path(_ROUND + "timeliness/", timeliness.round_timeliness, name="round-timeliness"),
    path(
        _ROUND + "timeliness/offices.xlsx",
        timeliness.round_timeliness_xlsx,
        name="round-timeliness-xlsx",
    ),
    path(_ROUND + "late/", timeliness.late_entry, name="late-entry"),
    path(_ROUND + "review/", rounds.round_review, name="round-review"),
    path(_ROUND + "state/", rounds.round_state, name="round-state"),
    path(_ROUND + "quality/", quality.round_quality, name="round-quality"),
    path(_ROUND + "quality/questions.xlsx", quality.round_quality_xlsx, name="round-quality-xlsx"),
    path(_ROUND + "quality/look/", quality.round_quality_look, name="round-quality-look"),
    path(_ROUND + "quality/<int:question_id>/", quality.round_question, name="round-question"),
    path("places/<slug:key>/questions/", quality.place_questions, name="place-questions"),
]
