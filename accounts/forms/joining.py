"""Inviting, joining, and who belongs where."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from accounts.forms.profile import cleaned_name
from accounts.models import Area, JobRole
from accounts.queries import job_roles_in_order
from accounts.services.invitations import MAX_DAYS, MAX_TEAM

_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]
_NOT_A_DAY = _("Enter a day, like 3 May 2027.")


class InvitePersonForm(forms.Form):
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        error_messages={"required": _("Enter the person's full name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Their own, not one that several people read."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter their e-mail address."),
            "invalid": _("Enter an e-mail address, like name@example.org."),
        },
    )
    job_role = forms.ModelChoiceField(
        label=_("Their work (if you know it)"),
        queryset=JobRole.objects.none(),
        required=False,
        empty_label=_("They will say it themselves"),
        error_messages={"invalid_choice": _("Choose one of the kinds of work in the list.")},
    )
    is_lead = forms.BooleanField(
        label=_("They will lead the people of this organisation here"),
        help_text=_("A lead sees who is trained, invites others and answers requests to join."),
        required=False,
    )

    def __init__(self, *args: Any, may_name_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["job_role"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = job_roles_in_order()
        if not may_name_lead:
            del self.fields["is_lead"]

    def clean_full_name(self) -> str:
        return cleaned_name(self.cleaned_data["full_name"])


class TeamLinkForm(forms.Form):
    limit = forms.IntegerField(
        label=_("How many people may join by it?"),
        min_value=1,
        max_value=MAX_TEAM,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={
            "required": _("Enter how many people may join."),
            "invalid": _("Enter a number, like 10."),
            "min_value": _("Enter a number from 1 to 500."),
            "max_value": _("Enter a number from 1 to 500."),
        },
    )
    lasts_days = forms.TypedChoiceField(
        label=_("How long should it work?"),
        coerce=int,
        choices=[
            (7, _("One week")),
            (14, _("Two weeks")),
            (30, _("30 days")),
            (MAX_DAYS, _("90 days")),
        ],
        initial=14,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how long the link should work."),
            "invalid_choice": _("Choose one of the times in the list."),
        },
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why (the person reads this)"),
        help_text=_("You can leave it empty. For example: “You work at our sister school.”"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Use 300 characters or fewer.")},
    )


class _DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=_DAY_FORMATS,
            widget=forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"}
            ),
            error_messages={"required": _NOT_A_DAY, "invalid": _NOT_A_DAY},
            **kwargs,
        )


class StartsOnForm(forms.Form):
    starts_on = _DayField(label=_("From which day?"), help_text=_("Today, or a day before."))

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": today})
        super().__init__(*args, **kwargs)


class LastDayForm(forms.Form):
    last_day = _DayField(label=_("What is the last day?"))

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"last_day": today})
        super().__init__(*args, **kwargs)


class FindOrganisationForm(forms.Form):
    q = forms.CharField(
        label=_("Name or postcode of your organisation"),
        min_length=3,
        max_length=80,
        error_messages={
            "required": _("Enter part of its name, or its postcode."),
            "min_length": _("Enter three letters or more."),
            "max_length": _("Enter a shorter part of the name."),
        },
    )


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Name or e-mail address"), max_length=80, required=False)
    who = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("People who are here")),
            ("champions", _("Champions")),
            ("leads", _("Leads")),
            ("left", _("People who have left")),
            ("everyone", _("Everyone")),
        ],
    )


class OrganisationsFilterForm(forms.Form):
    q = forms.CharField(label=_("Name or postcode"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Every kind")), *OrganisationKind.choices]
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        required=False,
        queryset=Area.objects.order_by("name", "pk"),
        to_field_name="slug",
        empty_label=_("Every area"),
    )
    vacant = forms.BooleanField(label=_("Only without a champion"), required=False)
