"""What editors fill in beside their pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput


class FactForm(WagtailAdminModelForm):
    """An entry of the register as its keeper writes it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        checked_on = cleaned.get("checked_on")
        if checked_on and checked_on > timezone.localdate():
            self.add_error("checked_on", _("This day is still to come."))
        return cleaned


class FactCheckForm(forms.Form):
    """That somebody looked a fact up and it still holds."""

    checked_on = forms.DateField(label=_("Looked up on"), widget=AdminDateInput)
    review_on = forms.DateField(label=_("Look it up again by"), widget=AdminDateInput)
    note = forms.CharField(
        label=_("How you checked it"),
        max_length=250,
        required=False,
        help_text=_("For example: rang the number; read the page of the law."),
    )
