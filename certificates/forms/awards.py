from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from certificates.models import parse_code, standard_page
from certificates.pdf import sample_pdf
from lms.core.pdf import PdfRefused


class CheckForm(forms.Form):
    """A code as somebody reads it off a certificate."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=60,
        help_text=_("It stands on the certificate, below the QR code. For example 7K3M-2Q9D-XA5R."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={
            "required": _("Enter the code that stands on the certificate."),
            "max_length": _("That is too long for a code. It has 12 letters and digits."),
        },
    )

    def clean_code(self) -> str:
        code = parse_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("A code has 12 letters and digits, such as 7K3M-2Q9D-XA5R. Check what you typed.")
            )
        return code


class HolderNameForm(forms.Form):
    """The name that somebody was told; it is compared and forgotten."""

    name = forms.CharField(
        label=_("Name of the person"),
        max_length=200,
        help_text=_("Their full name, as you were given it. We do not keep it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the name you were given."),
            "max_length": _("That is too long for a name."),
        },
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it revoked?"),
        max_length=250,
        help_text=_(
            "Kept, and shown to the holder who asks what we hold. Do not write anything about "
            "families here."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say why the certificate is revoked."),
            "max_length": _("Keep it to 250 characters."),
        },
    )


class ReissueForm(forms.Form):
    holder_name = forms.CharField(
        label=_("Name on the new certificate"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the name as it should be printed."),
            "max_length": _("Keep it to 150 characters."),
        },
    )


def code_not_found(typed: str, message: Any) -> CheckForm:
    """Build the form with what was typed and `message` beside it."""
    form = CheckForm({"code": typed})
    form.is_valid()
    if not form.has_error("code"):
        form.add_error("code", message)
    return form


class DesignForm(WagtailAdminModelForm):
    """Shows the standard page where a design has none of its own, and keeps it that way.

    A design that could not be drawn is refused: `sample` is what it makes of sample facts.
    """

    sample: bytes = b""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.markup.strip():
            self.initial["markup"] = standard_page()

    def clean_markup(self) -> str:
        markup: str = self.cleaned_data["markup"].replace("\r\n", "\n").strip()
        return "" if markup == standard_page().strip() else markup

    def is_valid(self) -> bool:
        """Draw it once all that belongs to it is there: fields, logos, signatories."""
        if not super().is_valid():
            return False
        if not self.sample:
            try:
                self.sample = sample_pdf(self.save(commit=False))
            except PdfRefused as refusal:
                self.add_error("markup", str(refusal.message))
                return False
        return True
