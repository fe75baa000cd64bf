from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import JobRole, User
from accounts.permissions import SHARED_ADDRESS_REFUSED, is_name_of_person, is_shared_address
from accounts.queries import job_roles_in_order
from lms.core.pdf import undrawable_letters


def cleaned_name(text: str) -> str:
    """Tidy a person's name up, or say what is wrong with it. Raises: ValidationError."""
    name = " ".join(text.split())
    if not any(letter.isalpha() for letter in name):
        raise forms.ValidationError(_("Enter your full name."))
    if not is_name_of_person(name):
        raise forms.ValidationError(
            _(
                "A name has no signs such as < > { } = @ | ; in it, and is no address of a "
                "website. Write the name in letters."
            )
        )
    if missing := undrawable_letters(name):
        raise forms.ValidationError(
            _(
                "Our certificates cannot print: %(letters)s. Write the name in Latin letters "
                "here, as it stands in a passport."
            )
            % {"letters": missing}
        )
    return name


class ProfileForm(forms.Form):
    """Who a person is to us: their name and their work."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        help_text=_("As it should stand on your certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your full name.")},
    )
    job_role = forms.ModelChoiceField(
        label=_("Your work"),
        queryset=JobRole.objects.none(),
        empty_label=_("Choose what is closest"),
        help_text=_("We count how many people of each profession have been trained."),
        error_messages={
            "required": _("Choose the work closest to yours."),
            "invalid_choice": _("Choose one of the kinds of work in the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["job_role"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = job_roles_in_order()

    def clean_full_name(self) -> str:
        return cleaned_name(self.cleaned_data["full_name"])


class SignupForm(ProfileForm):
    """What we ask besides the address and the password that allauth asks."""

    field_order = ["full_name", "job_role", "email", "password1"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if is_shared_address(cleaned.get("email") or ""):
            self.add_error("email", forms.ValidationError(SHARED_ADDRESS_REFUSED, "shared_address"))
        return cleaned

    def signup(self, request: Any, user: User) -> None:
        user.full_name = self.cleaned_data["full_name"]
        user.job_role = self.cleaned_data["job_role"]
        user.save(update_fields=["full_name", "job_role"])
