"""Templates of an office: tried, put in force, taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tiddao.evidence.actions.keeping import keep_file
from tiddao.evidence.rules.sniffing import Examined
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Office
from tiddao.policy.models import OfficeTemplate


class PaperRefused(Exception):
    """It cannot be done. field: the form's field it is about, or "".

    code: retired-already, not-held, not-office, same-words, reason-missing, number-missing,
    day-missing, circular-number, subject-missing, text-missing, not-draft, changed, signer-missing,
    to-missing.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@transaction.atomic
def try_template(
    kind: str, file: Examined, *, office: str, by: Actor, at: datetime
) -> OfficeTemplate:
    """Keep a template or emblem to be tried; nothing is set with it yet.

    file: what ``evidence.rules.sniffing.examine`` made of it, and, of a Word template,
    ``rules.papers_template.checked_template`` let pass.
    """
    held = Office.objects.select_for_update().get(pk=office)
    rows = OfficeTemplate.objects.filter(office=held, kind=kind)
    last: int = rows.aggregate(last=Max("number"))["last"] or 0
    made = OfficeTemplate.objects.create(
        place_id=held.place_id,
        office=held,
        kind=kind,
        number=last + 1,
        blob=keep_file(file, at=at),
        file_name=file.name[:255],
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    record(
        "try_paper_template",
        on=f"paper-template:{made.pk}",
        by=by,
        at=at,
        place=made.place_id,
        after={"kind": kind, "number": made.number, "sha256": made.blob_id},
        detail={"kind": kind, "number": made.number, "sha256": made.blob_id},
    )
    return made


@transaction.atomic
def put_template_in_force(template_id: int, *, by: Actor, at: datetime) -> OfficeTemplate:
    """From now on the office's papers are set with it; the one before is kept. Also an earlier
    version again. In force already: nothing changes.

    Raises OfficeTemplate.DoesNotExist, PaperRefused (retired-already) for one that was dropped
    untried.
    """
    wanted = OfficeTemplate.objects.get(pk=template_id)
    Office.objects.select_for_update().get(pk=wanted.office_id)
    wanted = OfficeTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if wanted.in_force_at is not None and wanted.retired_at is None:
        return wanted
    if wanted.in_force_at is None and wanted.retired_at is not None:
        raise PaperRefused("retired-already")
    before = _retire(wanted.office_id, wanted.kind, at=at)
    wanted.in_force_at, wanted.retired_at = at, None
    wanted.save(update_fields=["in_force_at", "retired_at"])
    record(
        "put_paper_template_in_force",
        on=f"paper-template:{wanted.pk}",
        by=by,
        at=at,
        place=wanted.place_id,
        before={"number": before},
        after={"number": wanted.number, "sha256": wanted.blob_id},
        detail={"kind": wanted.kind, "number": wanted.number},
    )
    return wanted


@transaction.atomic
def return_to_standard(office: str, kind: str, *, by: Actor, at: datetime) -> bool:
    """Take back what the office put in force; say whether there was anything to take back."""
    held = Office.objects.select_for_update().get(pk=office)
    before = _retire(office, kind, at=at)
    if before is None:
        return False
    record(
        "return_to_standard_paper",
        on=f"office:{office}",
        by=by,
        at=at,
        place=held.place_id,
        before={"number": before},
        detail={"kind": kind, "number": before},
    )
    return True


@transaction.atomic
def drop_template(template_id: int, *, by: Actor, at: datetime) -> OfficeTemplate:
    """Give up one that was only tried. Dropping again changes nothing.

    Raises OfficeTemplate.DoesNotExist, PaperRefused (retired-already) for one that was in force.
    """
    held = OfficeTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if held.in_force_at is not None:
        raise PaperRefused("retired-already")
    if held.retired_at is not None:
        return held
    held.retired_at = at
    held.save(update_fields=["retired_at"])
    record(
        "drop_paper_template",
        on=f"paper-template:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"number": held.number},
        detail={"kind": held.kind, "number": held.number},
    )
    return held


def _retire(office: str, kind: str, *, at: datetime) -> int | None:
    """Take what is in force out of force; its number, None when nothing was."""
    held = (
        OfficeTemplate.objects.select_for_update(of=("self",))
        .filter(office=office, kind=kind, in_force_at__isnull=False, retired_at__isnull=True)
        .first()
    )
    if held is None:
        return None
    held.retired_at = at
    held.save(update_fields=["retired_at"])
    return held.number
