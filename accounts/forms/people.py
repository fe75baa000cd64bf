"""Looking for people, giving them roles and taking roles."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, ScopeKind
from accounts.models import Area, Audience, Organisation, Venue
from accounts.models.second_factor import LONGEST_REASON
from accounts.permissions import HELD_FOR, can_be_held_for
from accounts.queries.directory import PeopleAsked
from accounts.queries.giving import Giving

_NOT_LISTED = {"invalid_choice": _("Choose one from the list.")}


class PeopleForm(forms.Form):
    """What to look for in the list of people. Nothing is required."""

    q = forms.CharField(label=_("Name or e-mail address"), max_length=100, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("All"),
        error_messages=_NOT_LISTED,
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("All"),
        error_messages=_NOT_LISTED,
    )
    role = forms.ChoiceField(
        label=_("Role held now"),
        choices=[("", _("All")), *Role.choices],
        required=False,
        error_messages=_NOT_LISTED,
    )
    audience = forms.ModelChoiceField(
        label=_("Audience"),
        queryset=Audience.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("All"),
        error_messages=_NOT_LISTED,
    )

    def __init__(self, *args: Any, organisations: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]  # as above

    def asked(self) -> PeopleAsked:
        data = self.cleaned_data
        return PeopleAsked(
            words=data["q"],
            organisation=data["organisation"],
            area=data["area"],
            role=data["role"],
            audience=data["audience"],
        )


class DayField(forms.DateField):
    """A day as people write it: 3/5/2027 or 3 May 2027. What cannot be read is kept as typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {
            "invalid": _("Enter a day, for example 3/5/2027."),
            **kwargs.get("error_messages", {}),
        }
        super().__init__(
            widget=forms.DateInput(attrs={"class": "govuk-input--width-10"}, format="%d/%m/%Y"),
            input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"],
            **kwargs,
        )


class RevealingForm(forms.Form):
    """A form in which a choice may ask for more: `components/radios_reveal.html` draws it."""

    reveals: dict[str, dict[str, str]]  # field: choice: the field it reveals

    def revealing(self, name: str) -> list[tuple[Any, forms.BoundField | None]]:
        """List the options of a field, each with the field that it reveals."""
        more = self.reveals[name]
        return [
            (option, self[more[value]] if (value := option.data["value"]) in more else None)
            for option in self[name]
        ]


class GiveRoleForm(RevealingForm):
    """Which role, for what, from when and until when: only what the giver may give."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a role."),
            "invalid_choice": _("Choose one of the roles that you may give."),
        },
    )
    scope = forms.ChoiceField(
        label=_("For"),
        widget=forms.RadioSelect,
        help_text=_("What the role reaches. Choose the smallest that is enough."),
        error_messages={
            "required": _("Choose what the role is for."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    area = forms.ModelChoiceField(
        label=_("Which area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Choose an area"),
        error_messages={"invalid_choice": _("Choose an area that your own role reaches.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Which organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Choose an organisation"),
        error_messages={"invalid_choice": _("Choose an organisation that your own role reaches.")},
    )
    court = forms.ModelChoiceField(
        label=_("Which court"),
        queryset=Venue.objects.none(),
        required=False,
        empty_label=_("Choose a court"),
        error_messages={"invalid_choice": _("Choose a court that your own role reaches.")},
    )
    starts_on = DayField(
        label=_("From"),
        help_text=_("The first day, for example 3/5/2027."),
        error_messages={"required": _("Enter the first day.")},
    )
    ends_on = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The last day. Leave it empty if there is no end yet."),
    )

    def __init__(self, *args: Any, giving: Giving, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        chosen = {
            ScopeKind.AREA: ("area", giving.areas),
            ScopeKind.ORGANISATION: ("organisation", giving.organisations),
            ScopeKind.COURT: ("court", giving.courts),
        }
        self.fields["role"].choices = [(role.value, role.label) for role in giving.roles]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["scope"].choices = [(x.value, x.label) for x in giving.scopes]  # type: ignore[attr-defined]  # as above
        self.fields["starts_on"].initial = today
        for scope, (name, places) in chosen.items():
            if scope in giving.scopes:
                self.fields[name].queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
            else:
                del self.fields[name]
        self.reveals = {"scope": {x: name for x, (name, _places) in chosen.items()}}

    @property
    def scope_options(self) -> list[tuple[Any, forms.BoundField | None]]:
        return self.revealing("scope")

    def clean_starts_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError(_("A role begins today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("scope")
        needs_place = bool(kind) and kind != ScopeKind.EVERYTHING
        if needs_place and not data.get(str(kind)) and kind not in self.errors:
            self.add_error(kind, _("Choose the one that the role is for."))
        if kind and data.get("role") and not can_be_held_for(data["role"], kind):
            self.add_error("scope", _held_for_words(Role(data["role"])))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    @property
    def place(self) -> Area | Organisation | Venue | None:
        """The place chosen; None for everything. What the other fields say counts for nothing."""
        kind = self.cleaned_data["scope"]
        return None if kind == ScopeKind.EVERYTHING else self.cleaned_data[kind]


def _held_for_words(role: Role) -> str:
    kinds = [str(kind.label) for kind in ScopeKind if kind in HELD_FOR[role]]
    return _("The role %(role)s is for this only: %(kinds)s.") % {
        "role": role.label,
        "kinds": ", ".join(kinds),
    }


class ResetSecondFactorForm(forms.Form):
    """Why somebody's second steps are forgotten."""

    reason = forms.CharField(
        label=_("How did you make sure that it is they?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. The person can read them."),
        error_messages={"required": _("Say in a few words how you made sure that it is they.")},
    )


class CloseAccountForm(forms.Form):
    """Why somebody's account is closed."""

    reason = forms.CharField(
        label=_("Why is it closed?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. It is kept, and the person can ask to see it."),
        error_messages={"required": _("Say in a few words why it is closed.")},
    )


AT_ONCE, WITH_A_DAY = "now", "day"


class TakeRoleForm(RevealingForm):
    """When a role ends, and why."""

    reveals = {"when": {WITH_A_DAY: "last_day"}}

    when = forms.ChoiceField(
        label=_("When does it end?"),
        widget=forms.RadioSelect,
        choices=[(AT_ONCE, _("At once")), (WITH_A_DAY, _("At the end of a day"))],
        error_messages={
            "required": _("Choose when the role ends."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("The last day it holds, for example 3/5/2027."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "A few words. The person can read them, and so can whoever may give this role."
        ),
        error_messages={"required": _("Say in a few words why the role is taken.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == WITH_A_DAY and "last_day" not in self.errors:
            if not data.get("last_day"):
                self.add_error("last_day", _("Enter the last day."))
            elif data["last_day"] < self.today:
                self.add_error("last_day", _("The last day is today or later."))
        return data

    @property
    def when_options(self) -> list[tuple[Any, forms.BoundField | None]]:
        return self.revealing("when")

    @property
    def ends_with(self) -> datetime.date | None:
        """The last day chosen; None ends it at once."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == WITH_A_DAY else None
