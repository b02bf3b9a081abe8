"""The gallery of components."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tiddao.ui.forms import BuddhistDateField, ThaiDecimalField


@dataclass(frozen=True, slots=True)
class _Dimension:
    name: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class _Unit:
    key: str


class _Sample(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As it stands in the order of appointment"))
    on = BuddhistDateField(label=_("Date"))
    amount = ThaiDecimalField(label=_("Amount (baht)"), min_value=Decimal(0), required=False)
    level = forms.ChoiceField(label=_("Level"), choices=[("a", "จังหวัด"), ("b", "อำเภอ")])
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("a", "ปกติ"), ("b", "เร่งด่วน")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label=_("I have checked it"), required=False)


class _Filters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", "ทุกระดับ"), ("p", "จังหวัด"), ("d", "อำเภอ")], required=False
    )


_NAMES = (
    "บริหารดี",
    "ประสานงานดี ภาคีมีส่วนร่วม",
    "บุคลากรดี",
    "การบริการที่ดี",
    "ประชาชนมีคุณภาพที่ดี",
)
_LONG_NAMES = (
    "การบริหารจัดการงานพัฒนาชุมชนเชิงยุทธศาสตร์แบบบูรณาการ",
    "ประสานงานดี ภาคีการพัฒนาทุกภาคส่วนมีส่วนร่วม",
    "ประชาชนมีคุณภาพชีวิตที่ดีตามหลักปรัชญาของเศรษฐกิจพอเพียง",
)
_SHARES = (Decimal("0.92"), Decimal("0.71"), Decimal("0.55"), Decimal("0.83"), Decimal("0.64"))


def _dimensions(names: tuple[str, ...], shares: tuple[Decimal | None, ...]) -> list[_Dimension]:
    return [_Dimension(name, share) for name, share in zip(names, shares, strict=True)]


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with its variables, long Thai names and empty states."""
    for level, words in (
        (messages.SUCCESS, _("Saved.")),
        (messages.WARNING, _("The round closes in three days.")),
        (messages.ERROR, _("The file was refused; nothing was written.")),
        (messages.INFO, _("Scores are being worked out.")),
    ):
        messages.add_message(request, level, words)
    rows = [
        ("571203", "ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย", 5, Decimal("92.4"), date(2022, 11, 22)),
        ("101502", "แขวงวัดกัลยาณ์ เขตธนบุรี กรุงเทพมหานคร", 3, Decimal(71), date(2023, 9, 30)),
        ("571204", "ตำบลตาดควัน อำเภอพญาเม็งราย จังหวัดเชียงราย", 0, Decimal("12.5"), date(2023, 3, 31)),
        ("571205", "ตำบลเม็งราย อำเภอพญาเม็งราย จังหวัดเชียงราย", None, None, None),
    ]
    return render(
        request,
        "ui/gallery.html",
        {
            "way": [(_("Thailand"), "/"), ("จังหวัดเชียงราย", "/"), ("อำเภอพญาเม็งราย", None)],
            "unit": _Unit("5712"),
            "five": _dimensions(_NAMES, _SHARES),
            "gap": _dimensions(_NAMES, (*_SHARES[:2], None, *_SHARES[3:])),
            "three_long": _dimensions(_LONG_NAMES, _SHARES[:3]),
            "eight": _dimensions((*_NAMES, *_LONG_NAMES), (*_SHARES, *_SHARES[:3])),
            "trend": [Decimal("3.1"), Decimal("3.4"), None, Decimal("4.2"), Decimal("4.0")],
            "flat": [Decimal(3), Decimal(3), Decimal(3)],
            "nothing": [None, None],
            "rows": rows,
            "star_counts": [5, 4, 3, 2, 1, 0, None],
            "day": date(2022, 11, 22),
            "amount": Decimal("4189534120.50"),
            "rate": Decimal("79.15"),
            "blank": _Sample(prefix="blank"),
            "filled": _Sample(
                {
                    "filled-name": "",
                    "filled-on": "31/2/2565",
                    "filled-amount": "๑,๒๓๔.๕๐",
                    "filled-level": "b",
                },
                prefix="filled",
            ),
            "filters_form": _Filters(request.GET),
            "page": Paginator(range(75_142), 50).get_page(request.GET.get("page", 7)),
            "no_page": Paginator([], 50).get_page(1),
        },
    )
