"""Filters and tags of the components; builtins of every template.

The gallery (``/ui/gallery/``) shows each with its variables. Tags that stand in long tables are
plain functions; larger ones have a template in ``ui/components/`` that opens with its variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.core.paginator import Page
from django.forms import BoundField, Form
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from tiddao.kernel import dates
from tiddao.kernel.digits import to_thai
from tiddao.kernel.money import to_million
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.ui import registry
from tiddao.ui.drawing import Share, Spark, radar_of, spark_of
from tiddao.ui.fields import FieldLook, look_of

register = template.Library()
_BEFORE_THE_NUMBER = ("ร้อยละ",)
"""Units that Thai says before the number: ร้อยละ 11.94."""

NOTHING = "–"
"""What stands where nothing was reported: never a zero."""

STATUS_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "circle-x",
    "nodata": "circle-dashed",
    "check": "eye-check",
    "info": "info-circle",
}


class UnitWithPage(Protocol):
    """A place or group: whatever has tabs."""

    @property
    def key(self) -> str: ...


# -- days and times


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def be_short(value: date | datetime | None) -> str:
    """22 พ.ย. 65 (Thai time); in English 22 Nov 2022; None is a dash."""
    if value is None:
        return NOTHING
    day = _local_day(value)
    return formats.date_format(day, "j M Y") if _in_english() else dates.format_short(day)


@register.filter
def be_medium(value: date | datetime | None) -> str:
    """22 พ.ย. 2565 (Thai time); in English 22 Nov 2022; None is a dash."""
    if value is None:
        return NOTHING
    day = _local_day(value)
    return formats.date_format(day, "j M Y") if _in_english() else dates.format_medium(day)


@register.filter
def be_long(value: date | datetime | None) -> str:
    """22 พฤศจิกายน 2565 (Thai time); in English 22 November 2022; None is a dash."""
    if value is None:
        return NOTHING
    day = _local_day(value)
    return formats.date_format(day, "j F Y") if _in_english() else dates.format_long(day)


def month_name(day: date) -> str:
    """Return the month of a day where little room is left: พ.ย.; in English Nov."""
    return formats.date_format(day, "M") if _in_english() else dates.SHORT_MONTHS[day.month - 1]


@register.filter
def be_numeric(value: date | datetime | None) -> str:
    """22/11/2565 (Thai time); in English 22/11/2022; None is a dash."""
    if value is None:
        return NOTHING
    day = _local_day(value)
    return formats.date_format(day, "d/m/Y") if _in_english() else dates.format_numeric(day)


@register.filter
def be_time(value: datetime | None) -> str:
    """22 พ.ย. 2565 10:00 น. (Thai time); in English 22 Nov 2022, 10:00; None is a dash."""
    if value is None:
        return NOTHING
    if _in_english():
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(local, "j M Y, H:i")
    return f"{be_medium(value)} {dates.format_time(value)}"


@register.filter
def thai_digits(value: object) -> str:
    """The same with ๐–๙, for official papers."""
    return to_thai(str(value))


# -- numbers


def _exact(value: Decimal | float | str) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


@register.filter
def number(value: Decimal | float | str | None, places: int = 0) -> str:
    """1,234.50: thousands separated, rounded half-up to places; None is a dash."""
    if value is None or value == "":
        return NOTHING
    return format_decimal(_exact(value), int(places))


@register.filter
def trimmed(value: Decimal | float | str | None) -> str:
    """As exact as it is, without idle zeros: 3.5000 → 3.5; None is a dash."""
    if value is None or value == "":
        return NOTHING
    return format_trimmed(_exact(value))


@register.filter
def percent(value: Decimal | float | str | None, places: int = 2) -> str:
    """79.15 → 79.15%: a figure that is per cent already; None is a dash. A share: ``share``."""
    return NOTHING if value is None or value == "" else f"{number(value, places)}%"


@register.filter
def share(value: Decimal | float | str | None, places: int = 1) -> str:
    """0.7915 → 79.2%: a share of one as per cent; None is a dash."""
    return NOTHING if value is None or value == "" else f"{number(_exact(value) * 100, places)}%"


@register.filter
def million(value: Decimal | int | None, places: int = 2) -> str:
    """Baht → millions of baht, 4,189.53; the column or label names the unit. None is a dash."""
    return NOTHING if value is None else number(to_million(Decimal(value), int(places)), places)


# -- small signs, cheap enough for a thousand rows


def _sprite() -> str:
    return static("ui/dist/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a Tabler icon from the sprite; silent for readers unless label says what it means."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label, _sprite(), name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name
    )


@register.simple_tag
def stars(count: int | None) -> SafeString:
    """Draw 0–5 whole stars, read aloud as a sentence; None says "not yet starred"."""
    if count is None:
        return format_html('<span class="stars-none">{}</span>', gettext("Not yet starred"))
    count = int(count)
    if not 0 <= count <= 5:
        raise ValueError(f"stars are 0 to 5, not {count}")
    return format_html(
        '<svg class="stars" role="img" aria-label="{}"><use href="{}#stars-{}"/></svg>',
        ngettext("%(count)d star of 5", "%(count)d stars of 5", count) % {"count": count},
        _sprite(),
        count,
    )


@register.simple_tag
def status(kind: str, words: object) -> SafeString:
    """Show a state: icon, colour and word. kind: ok, warn, bad, nodata, check, info."""
    return format_html(
        '<span class="status status-{}">{} {}</span>', kind, icon(STATUS_ICONS[kind]), words
    )


# -- drawings and larger pieces


@register.inclusion_tag("ui/components/radar.html")
def radar(dimensions: Iterable[Share], label: str = "") -> dict[str, object]:
    """Draw 3–8 dimensions (.name, .share of 0–1 or None) with their table."""
    return {"radar": radar_of(dimensions), "label": label or gettext("Dimensions")}


@register.inclusion_tag("ui/components/spark.html")
def spark(values: Sequence[Decimal | float | None], label: str = "") -> dict[str, object]:
    """Draw a trend in the height of a line; None is a gap. Read aloud value by value."""
    drawn: Spark = spark_of(values)
    if drawn.last is None:
        return {"spark": drawn, "label": gettext("no data")}
    words = ", ".join(gettext("no data") if v is None else trimmed(v) for v in values)
    return {"spark": drawn, "label": f"{label or gettext('Trend')}: {words}"}


@register.inclusion_tag("ui/components/figure_number.html")
def figure_number(shown: object, unit: object = "", href: str = "") -> dict[str, object]:
    """Show a number large with its unit, in the order in which the language says them."""
    return {
        "shown": shown,
        "unit": unit,
        "href": href,
        "unit_is_first": str(unit) in _BEFORE_THE_NUMBER,
    }


@register.inclusion_tag("ui/components/figure.html")
def figure(
    value: Decimal | float | str | None,
    unit: object = "",
    base: object = "",
    as_of: date | datetime | None = None,
    *,
    label: object = "",
    places: int | None = None,
    href: str = "",
) -> dict[str, object]:
    """Show a figure with what it must not be without: unit, base, as-of day.

    places: decimals shown; None shows a number as exact as it is, and text as it stands.
    """
    shown = None
    if value is not None and value != "":
        if places is not None:
            shown = number(value, places)
        else:
            shown = value if isinstance(value, str) else trimmed(value)
    return {
        "shown": shown,
        "unit": unit,
        "base": base,
        "as_of": as_of,
        "label": label,
        "href": href,
    }


@register.inclusion_tag("ui/components/progress.html")
def progress(percent_done: Decimal | float | None, label: object) -> dict[str, object]:
    """Show a share of 0–100 as a bar with its words; None says that it is not reported."""
    inside = (
        None if percent_done is None else min(max(_exact(percent_done), Decimal()), Decimal(100))
    )
    return {"inside": inside, "percent_done": percent_done, "label": label}


@register.inclusion_tag("ui/components/empty.html")
def empty(
    title: object, text: object = "", href: str = "", label: object = ""
) -> dict[str, object]:
    """Say that there is nothing yet, and what to do about it."""
    return {"title": title, "text": text, "href": href, "label": label}


@register.inclusion_tag("ui/components/crumbs.html")
def crumbs(items: Iterable[tuple[object, str | None]]) -> dict[str, object]:
    """Show the way here: (label, href) from the top; the last is this page and needs no href."""
    return {"items": list(items)}


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, object]:
    """Show which rows these are, of how many, and the way to the others; keeps the filters."""
    request: HttpRequest = context["request"]

    def address(page_number: int) -> str:
        query = request.GET.copy()
        query[parameter] = str(page_number)
        return f"?{query.urlencode()}"

    paginator = page.paginator
    return {
        "page": page,
        "count": paginator.count,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "numbers": [
            (one, address(one) if isinstance(one, int) else "", one == page.number)
            for one in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }


@register.inclusion_tag("ui/components/unit_tabs.html")
def unit_tabs(unit: UnitWithPage, active: str = "") -> dict[str, object]:
    """Show the tabs of a place or group that areas have registered; active: a tab's code."""
    tabs = []
    for tab in registry.place_tabs:
        try:
            href = reverse(tab.url_name, args=[unit.key])
        except NoReverseMatch:  # an area that is not built yet is not shown
            continue
        tabs.append((tab, href, tab.code == active))
    return {"tabs": tabs}


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, label: object = "") -> FieldLook:
    """Show a form's field: label, control, help, and errors that the control is described by."""
    return look_of(bound, label=str(label))


@register.inclusion_tag("ui/components/filters.html", takes_context=True)
def filters(context: Context, form: Form, button: object = "") -> dict[str, object]:
    """Show a GET form in a row above a table; works without JavaScript."""
    request: HttpRequest = context["request"]
    names = {bound.html_name for bound in form}
    return {
        "fields": [look_of(bound) for bound in form.visible_fields()],
        "hidden": form.hidden_fields(),
        "button": button or gettext("Show"),
        "clear": request.path if names & set(request.GET) else "",
    }
