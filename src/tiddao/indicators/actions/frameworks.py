"""Frameworks from the first draft to the frozen version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tiddao.indicators.actions.changes import keep_standing, mark_changed
from tiddao.indicators.models import Framework, Round, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.scores import EVERY_UNIT
from tiddao.indicators.rules.definitions import FrameworkDefinition, RoundDefinition
from tiddao.indicators.rules.toml_files import (
    DefinitionRefused,
    Finding,
    findings_before_publishing,
    findings_in,
    read_toml,
    write_toml,
)
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places.models import NATION, Office


class DraftMovedOn(Exception):
    """Somebody else saved the draft in the meantime."""

    def __init__(self, *, expected: int, found: int) -> None:
        super().__init__(f"the draft is at edition {found}, not {expected}")
        self.expected = expected
        self.found = found


class NotADraft(Exception):
    """The version is published, and a published version never changes: make a new draft."""


class DraftExists(Exception):
    """The framework already has a draft; one at a time."""

    def __init__(self, version: Version) -> None:
        super().__init__(f"version {version.number} is a draft already")
        self.version = version


class FrameworkExists(Exception):
    """There is a framework of that code in that year."""

    def __init__(self, code: str, year: int) -> None:
        super().__init__(f"{code} {year}")
        self.code = code
        self.year = year


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise DefinitionRefused(findings)


def _digest(toml: str) -> str:
    return hashlib.sha256(toml.encode()).hexdigest()


def _own_findings(
    definition: FrameworkDefinition, *, code: str, year: int, owner: Office, number: int, file: str
) -> list[Finding]:
    """What a text may not say about itself: it stays this office's framework of this year."""
    findings = []
    for check, key, found, wanted in (
        ("code_is_its_own", "code", definition.code, code),
        ("year_is_its_own", "fiscal_year", definition.fiscal_year, year),
        ("owner_is_its_own", "owner", definition.owner, owner.code),
        ("version_is_its_own", "version", definition.version, number),
    ):
        if found != wanted:
            reason = f"เป็น {found} แต่แบบประเมินนี้ต้องเป็น {wanted}"
            findings.append(Finding(check, file, key, reason))
    return findings


@transaction.atomic
def create_framework(definition: FrameworkDefinition, *, by: Actor, at: datetime) -> Version:
    """Make a framework with a first draft; the definition names its owner, year and version 1.

    Raises DefinitionRefused, FrameworkExists, Office.DoesNotExist.
    """
    _refuse(findings_in(definition))
    owner = Office.objects.get(pk=definition.owner)
    _refuse(
        _own_findings(
            definition,
            code=definition.code,
            year=definition.fiscal_year,
            owner=owner,
            number=1,
            file=definition.code,
        )
    )
    framework, made = Framework.objects.get_or_create(
        code=definition.code,
        fiscal_year=definition.fiscal_year,
        defaults={"owner": owner, **_titles(definition)},
    )
    if not made:
        raise FrameworkExists(definition.code, definition.fiscal_year)
    version = _add_draft(framework, definition, 1, at=at)
    record(
        "create_framework",
        on=f"framework:{framework.pk}/version:{version.pk}",
        by=by,
        at=at,
        place=owner.place_id,
        after=version.digest,
        detail={"code": framework.code, "fiscal_year": framework.fiscal_year},
    )
    return version


def _titles(definition: FrameworkDefinition) -> dict[str, str | bool]:
    return {
        "title_th": definition.title_th,
        "title_en": definition.title_en,
        "proposed": definition.proposed,
    }


def _add_draft(
    framework: Framework, definition: FrameworkDefinition, number: int, *, at: datetime
) -> Version:
    toml = write_toml(definition)
    return Version.objects.create(
        framework=framework, number=number, toml=toml, digest=_digest(toml), created_at=at
    )


@transaction.atomic
def save_draft(
    version: Version, definition: FrameworkDefinition, *, edition: int, by: Actor, at: datetime
) -> Version:
    """Save a draft's new definition over the edition the editor had before them.

    Raises DraftMovedOn when somebody else saved in between, NotADraft, DefinitionRefused.
    """
    held = Version.objects.select_for_update().get(pk=version.pk)
    _refuse_published(held)
    if held.edition != edition:
        raise DraftMovedOn(expected=edition, found=held.edition)
    framework = held.framework
    _refuse(
        [
            *findings_in(definition),
            *_own_findings(
                definition,
                code=framework.code,
                year=framework.fiscal_year,
                owner=framework.owner,
                number=held.number,
                file=framework.code,
            ),
        ]
    )
    toml = write_toml(definition)
    before = held.digest
    if before == _digest(toml):
        return held
    held.toml, held.digest, held.edition = toml, _digest(toml), edition + 1
    held.save(update_fields=["toml", "digest", "edition"])
    record(
        "save_draft",
        on=f"framework:{framework.pk}/version:{held.pk}",
        by=by,
        at=at,
        place=framework.owner.place_id,
        before=before,
        after=held.digest,
        detail={"edition": held.edition},
    )
    return held


def save_draft_text(
    version: Version, toml: str, *, file: str, edition: int, by: Actor, at: datetime
) -> Version:
    """Save a draft from its TOML text; file: its name, for the findings. Raises as save_draft."""
    return save_draft(version, read_toml(toml, file=file), edition=edition, by=by, at=at)


def _refuse_published(version: Version) -> None:
    if version.state != Version.State.DRAFT:
        raise NotADraft(version.number)


@transaction.atomic
def new_draft(framework: Framework, *, by: Actor, at: datetime) -> Version:
    """Open a draft of the next version: the newest, with the rounds added since. Raises DraftExists."""
    held = Framework.objects.select_for_update().select_related("owner").get(pk=framework.pk)
    newest = held.versions.order_by("-number").first()
    assert newest is not None  # a framework is made with its first draft
    if newest.state == Version.State.DRAFT:
        raise DraftExists(newest)
    known, names = definition_of(newest), [each.name for each in fields(RoundDefinition)]
    added = held.rounds.exclude(code__in=[each.code for each in known.rounds]).order_by("true_on")
    rounds = (*known.rounds, *(RoundDefinition(**each) for each in added.values(*names)))
    definition = replace(known, version=newest.number + 1, rounds=rounds)
    version = _add_draft(held, definition, newest.number + 1, at=at)
    record(
        "new_draft",
        on=f"framework:{held.pk}/version:{version.pk}",
        by=by,
        at=at,
        place=held.owner.place_id,
        before=newest.digest,
        after=version.digest,
    )
    return version


@transaction.atomic
def publish_version(version: Version, *, by: Actor, at: datetime) -> Version:
    """Freeze a draft: from now on it scores every round of the framework that is not closed.

    Rounds are brought to the definition: new ones are added, the days of those not closed follow,
    and one whose first day has come is open. Raises DefinitionRefused with all that is still
    missing, or that would change a closed round; NotADraft.
    """
    at = after_lines(at)
    framework = (
        Framework.objects.select_for_update().select_related("owner").get(pk=version.framework_id)
    )
    held = Version.objects.select_for_update().get(pk=version.pk)
    _refuse_published(held)
    definition = definition_of(held)
    rounds = {each.code: each for each in framework.rounds.select_for_update()}
    _refuse(
        [
            *findings_before_publishing(definition),
            *_round_findings(definition, rounds, file=framework.code),
        ]
    )
    held.state = Version.State.PUBLISHED
    held.published_at, held.published_by = at, by.reference
    held.save(update_fields=["state", "published_at", "published_by"])
    Framework.objects.filter(pk=framework.pk).update(**_titles(definition))
    touched = [
        _bring_round(framework, each, rounds.get(each.code), on=localdate(at))
        for each in definition.rounds
    ]
    wanted = {each.code for each in definition.rounds}
    for code, held_round in rounds.items():
        if code not in wanted:  # checked above: nobody has used it
            held_round.delete()
    open_rounds = [each for each in touched if each.state != Round.State.CLOSED]
    keep_standing(open_rounds, at=at)
    mark_changed(open_rounds, [EVERY_UNIT], at=at)
    record(
        "publish_version",
        on=f"framework:{framework.pk}/version:{held.pk}",
        by=by,
        at=at,
        place=framework.owner.place_id,
        after=held.digest,
        detail={"code": framework.code, "version": held.number, "rounds": len(touched)},
    )
    return held


def _round_findings(
    definition: FrameworkDefinition, rounds: dict[str, Round], *, file: str
) -> list[Finding]:
    findings = []
    wanted = {each.code: each for each in definition.rounds}
    for code, held in rounds.items():
        key = f"round[{code}]"
        if code not in wanted:
            if held.state == Round.State.CLOSED or held.results.exists():
                reason = "รอบนี้มีผลรายงานหรือปิดแล้ว จะตัดออกไม่ได้"
                findings.append(Finding("round_in_use_stays", file, key, reason))
        elif held.state == Round.State.CLOSED and held.true_on != wanted[code].true_on:
            reason = f"รอบนี้ปิดแล้ว วันที่ของผลต้องเป็น {held.true_on.isoformat()} ดังเดิม"
            findings.append(Finding("closed_round_stays", file, f"{key}.true_on", reason))
    return findings


def _bring_round(
    framework: Framework, wanted: RoundDefinition, held: Round | None, *, on: date
) -> Round:
    if held is None:
        held = Round(framework=framework, code=wanted.code)
    elif held.state == Round.State.CLOSED:
        return held
    held.name_th, held.name_en = wanted.name_th, wanted.name_en
    held.opens, held.closes, held.true_on = wanted.opens, wanted.closes, wanted.true_on
    if held.state == Round.State.PLANNED and wanted.opens <= on:
        held.state = Round.State.OPEN
    held.save()
    return held


@transaction.atomic
def import_definition(toml: str, *, file: str, by: Actor, at: datetime) -> Version:
    """Take in a framework from its file: a new framework, or the next draft of one there is.

    The owner is the office named in the file. An open draft of the framework is written over only
    where it says the same version. Raises DefinitionRefused, DraftExists, Office.DoesNotExist.
    """
    definition = read_toml(toml, file=file)
    framework = Framework.objects.filter(
        code=definition.code, fiscal_year=definition.fiscal_year
    ).first()
    if framework is None:
        return create_framework(replace(definition, version=1), by=by, at=at)
    newest = framework.versions.order_by("-number").first()
    assert newest is not None  # a framework is made with its first draft
    if newest.state == Version.State.DRAFT:
        if definition.version != newest.number:
            raise DraftExists(newest)
        draft = newest
    else:
        same = replace(definition, version=newest.number)
        if _digest(write_toml(same)) == newest.digest:
            return newest
        draft = new_draft(framework, by=by, at=at)
        definition = replace(definition, version=draft.number)
    return save_draft(draft, definition, edition=draft.edition, by=by, at=at)


@transaction.atomic
def copy_framework(
    source: Version, *, code: str, owner: Office, year: int, by: Actor, at: datetime
) -> Version:
    """Make an office's own draft of a framework, or next year's of the same; rounds move along.

    Raises DefinitionRefused, FrameworkExists.
    """
    definition = definition_of(source)
    years = year - definition.fiscal_year
    copied = replace(
        definition,
        code=code,
        owner=owner.code,
        fiscal_year=year,
        version=1,
        based_on=f"{definition.code} {definition.fiscal_year} v{source.number}",
        rounds=tuple(
            replace(
                each,
                opens=_years_later(each.opens, years),
                closes=_years_later(each.closes, years),
                true_on=_years_later(each.true_on, years),
            )
            for each in definition.rounds
        ),
    )
    return create_framework(copied, by=by, at=at)


def suggested_code(source_code: str, owner: Office) -> str:
    """Return a code for an office's copy: "amphoe-tid-dao-57"."""
    return source_code if owner.place_id == NATION else f"{source_code}-{owner.place_id}"


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a year without one
        return day.replace(year=day.year + years, day=28)
