"""What editors fill in beside their pages."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from accounts.enums import Permission
from accounts.models import User
from accounts.queries import people_holding

# Nobody looked anything up here before; and what is not looked at for ten years is not kept.
EARLIEST = datetime.date(2000, 1, 1)
LONGEST = datetime.timedelta(days=3653)


class FactDays(forms.BaseForm):
    """The two days of an entry: when it was looked up, and by when it is again."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localdate()
        checked_on, review_on = cleaned.get("checked_on"), cleaned.get("review_on")
        if checked_on and checked_on > today:
            self.add_error("checked_on", _("This day is still to come."))
        elif checked_on and checked_on < EARLIEST:
            self.add_error("checked_on", _("This day is too long ago. Look at the year."))
        if review_on and review_on > today + LONGEST:
            self.add_error("review_on", _("This is more than ten years ahead. Look at the year."))
        return cleaned


class FactForm(FactDays, WagtailAdminModelForm):
    """An entry of the register as its keeper writes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keepers = people_holding(Permission.KEEP_FACTS, on=timezone.localdate())
        self.fields["owner"].queryset = User.objects.filter(  # type: ignore[attr-defined]  # a choice of people
            Q(pk__in=keepers.values("pk")) | Q(pk=self.instance.owner_id)
        ).order_by("full_name", "pk")

    def clean_checked_on(self) -> datetime.date:
        checked_on: datetime.date = self.cleaned_data["checked_on"]
        known = self.initial.get("checked_on") if self.instance.pk else None
        if known and checked_on < known:
            raise forms.ValidationError(
                _("It was checked on %(day)s meanwhile. Open the entry again to see how it stands.")
                % {"day": date_format(known)}
            )
        return checked_on

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not strip_tags(text).replace("\xa0", " ").replace("&nbsp;", " ").strip():
            raise forms.ValidationError(_("Write what the entry says."))
        return text


class FactCheckForm(FactDays, forms.Form):
    """That somebody looked a fact up and it still holds."""

    checked_on = forms.DateField(label=_("Looked up on"), widget=AdminDateInput)
    review_on = forms.DateField(label=_("Look it up again by"), widget=AdminDateInput)
    note = forms.CharField(
        label=_("How you checked it"),
        max_length=250,
        required=False,
        help_text=_("For example: rang the number; read the page of the law."),
    )
