"""What reviewers say: reasons, and a score beside the office's own."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.ui.forms import ThaiDecimalField


class ReasonForm(forms.Form):
    """A reason, where an act needs one said."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnForm(ReasonForm):
    """Why results go back to their office."""


class JudgeForm(forms.Form):
    """A checked score beside an office's own one."""

    score = ThaiDecimalField(
        label=_("Checked score"), min_value=Decimal(1), max_value=Decimal(5), required=False
    )
