"""Input from people: proofs handed in, attached, detached."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.actions.keeping import Link, LinkRefused, Source
from tiddao.evidence.models import EvidenceKind
from tiddao.evidence.rules.kinds import KINDS, FileRefused
from tiddao.evidence.rules.sniffing import Limits, examine
from tiddao.evidence.wording import refusal_words
from tiddao.ui.forms import BuddhistDateField

_ACCEPT = ",".join(f".{kind.extension}" for kind in KINDS.values()) + ",.jpeg"


def limits() -> Limits:
    """Return how large a file this installation takes in."""
    return Limits(
        size=settings.EVIDENCE_MEGABYTES << 20, pixels=settings.EVIDENCE_MEGAPIXELS * 1_000_000
    )


class SourceForm(forms.Form):
    """A file, a photo straight from the camera, or a link: exactly one. source: what it came to."""

    photo = forms.FileField(
        label=_("Take a photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("Photo, PDF, Word, Excel, PowerPoint, OpenDocument, CSV or text"),
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
    )
    link = forms.CharField(
        label=_("Or give a link"),
        required=False,
        max_length=2_000,
        help_text=_("https://… It is kept as it is; this system does not open it."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    effective_on = BuddhistDateField(
        label=_("Day it is true for"),
        required=False,
        help_text=_("Day of the event or of the paper, for example 22/11/2565; not today's"),
    )
    expires_on = BuddhistDateField(
        label=_("Last day it holds"),
        required=False,
        help_text=_("Only for what runs out, such as an agreement"),
    )

    source: Source | None = None
    ways = ("photo", "file", "link")
    allowed_kind: str = ""  # of a proof that has versions already

    def clean_photo(self) -> Any:
        return self._examined("photo")

    def clean_file(self) -> Any:
        return self._examined("file")

    def clean_link(self) -> Link | None:
        text = str(self.cleaned_data["link"]).strip()
        if not text:
            return None
        try:
            return Link(text)
        except LinkRefused:
            raise forms.ValidationError(
                _("A link must begin with https:// or http:// and name a site.")
            ) from None

    def _examined(self, name: str) -> Any:
        upload = self.cleaned_data[name]
        if not upload:
            return None
        try:
            return examine(upload.file, name=upload.name, limits=limits())
        except FileRefused as refused:
            raise forms.ValidationError(refusal_words(refused), code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not any(name in self.errors for name in self.ways):
            self._choose([name for name in self.ways if given.get(name)])
        effective_on, expires_on = given.get("effective_on"), given.get("expires_on")
        if effective_on and expires_on and expires_on < effective_on:
            self.add_error("expires_on", _("The last day comes before the day it is true for."))
        return given

    def _choose(self, chosen: list[str]) -> None:
        if not chosen:
            raise forms.ValidationError(self.nothing_given())
        if len(chosen) > 1:
            raise forms.ValidationError(_("Give one thing only: a photo, a file or a link."))
        found = self.cleaned_data[chosen[0]]
        kind = EvidenceKind.LINK if isinstance(found, Link) else EvidenceKind.FILE
        if self.allowed_kind and kind != self.allowed_kind:
            raise forms.ValidationError(
                _(
                    "A newer version must be of the same kind: a file after a file, a link after a link."
                )
            )
        self.source = found

    def nothing_given(self) -> Any:
        return _("Give a photo, a file or a link.")

    def title_or_name(self) -> str:
        """The title as typed; else what the file or the site is called."""
        typed = str(self.cleaned_data.get("title") or "").strip()
        if typed or self.source is None:
            return typed
        if isinstance(self.source, Link):
            return urlsplit(self.source.href).hostname or self.source.href[:200]
        return PurePath(self.source.name).stem


class AddForm(SourceForm):
    """A proof of an office. places: (code, name of the office) of where the person may."""

    place = forms.ChoiceField(label=_("Office"))
    title = forms.CharField(
        label=_("What the evidence is"),
        max_length=200,
        required=False,
        help_text=_(
            "For example: minutes of the village meeting, Ban Mai Ya. Empty: the file's name"
        ),
    )
    field_order = ("place", "photo", "file", "link", "title", "effective_on", "expires_on")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places


class VersionForm(SourceForm):
    """A newer version of a proof. kind: of the proof."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed_kind = kind
        for name in ("link",) if kind == EvidenceKind.FILE else ("photo", "file"):
            del self.fields[name]

    def nothing_given(self) -> Any:
        return (
            _("Give a link.")
            if self.allowed_kind == EvidenceKind.LINK
            else _("Give a photo or a file.")
        )


class AttachForm(SourceForm):
    """A proof for a thing: a new one, or one that the office has. existing: (id, words)."""

    existing = forms.TypedChoiceField(
        label=_("Or use evidence that the office has"), required=False, coerce=int, empty_value=None
    )
    title = forms.CharField(
        label=_("What the evidence is"),
        max_length=200,
        required=False,
        help_text=_("Empty: the file's name"),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    field_order = (
        "photo",
        "file",
        "link",
        "existing",
        "title",
        "effective_on",
        "expires_on",
        "note",
    )

    def __init__(
        self, *args: Any, existing: list[tuple[int, str]], may_add: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **({"auto_id": "attach_%s"} | kwargs))
        field = self.fields["existing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("– none –")), *existing]
        if not existing:
            del self.fields["existing"]
        if not may_add:
            for name in (*self.ways, "title", "effective_on", "expires_on"):
                del self.fields[name]

    def _choose(self, chosen: list[str]) -> None:
        if not self.cleaned_data.get("existing"):
            super()._choose(chosen)
        elif chosen:
            raise forms.ValidationError(
                _("Give one thing only: something new, or evidence that the office has.")
            )

    def nothing_given(self) -> Any:
        return _("Give a photo, a file or a link, or choose evidence that the office has.")


class ExpiryForm(forms.Form):
    """Until when a proof holds; empty = it does not run out."""

    expires_on = BuddhistDateField(
        label=_("Last day it holds"), required=False, help_text=_("Empty: it does not run out")
    )


class DetachForm(forms.Form):
    """Why a proof no longer stands for a thing."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class EvidenceFilter(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=_("Title or file"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *EvidenceKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("expiring", _("Expires within 30 days")),
            ("expired", _("Expired")),
            ("questions", _("With questions")),
            ("unused", _("Proves nothing yet")),
        ],
    )
