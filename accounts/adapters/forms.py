"""allauth's forms with our rules.

In a module of their own, since allauth's forms import our form of signing up.
"""

from typing import Any

from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import SHARED_ADDRESS_REFUSED, is_shared_address

# What the library may stumble over in a credential that no browser made.
_NOT_A_CREDENTIAL = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class ChangeAddressForm(AddEmailForm):
    """Asks for the new address. Whether somebody else has it, the page does not say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages |= {
            "required": _("Enter the new e-mail address."),
            "invalid": _("Enter an e-mail address, like name@example.org."),
        }

    def clean_email(self) -> str:
        email = super().clean_email()
        if is_shared_address(email):
            raise forms.ValidationError(SHARED_ADDRESS_REFUSED, code="shared_address")
        return email

    def save(self, request: HttpRequest) -> Any:
        email = self.cleaned_data["email"]
        if not filter_users_by_email(email):
            return super().save(request)
        # The page asks for a code all the same; the mail tells the owner instead of giving one.
        state = EmailVerificationProcess.initial_state(self.user, email)
        state["account_already_exists"] = True
        process = EmailVerificationProcess(request=request, user=self.user, state=state)
        process.generate_code()
        process.send()
        process.persist()
        return process.email_address


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. It is never shown again, so nothing of it is kept."""

    widget = forms.HiddenInput
    longest = 20_000

    def to_python(self, value: Any) -> Any:
        invalid = get_mfa_adapter().validation_error("incorrect_code")
        # PostgreSQL stores no null, however it is written.
        if len(value or "") > self.longest or "\\u0000" in (value or ""):
            raise invalid
        try:
            credential = super().to_python(value)
        except (forms.ValidationError, ValueError, RecursionError) as error:
            raise invalid from error
        if not isinstance(credential, dict):
            raise invalid
        return credential

    def bound_data(self, data: Any, initial: Any) -> Any:
        return None

    def prepare_value(self, value: Any) -> str:
        return ""


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("So that you know it again in the list, such as ‘My phone’."),
        max_length=60,
        required=False,
    )
    passwordless = forms.BooleanField(
        label=_("Let me sign in with it alone, without a password"),
        help_text=_("It then asks for your fingerprint, face or PIN each time."),
        required=False,
        initial=True,
    )
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _NOT_A_CREDENTIAL as error:
            raise get_mfa_adapter().validation_error("incorrect_code") from error


class UsePasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except _NOT_A_CREDENTIAL as error:
            raise get_mfa_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(UsePasskeyForm, LoginWebAuthnForm):
    pass


class ConfirmByPasskeyForm(UsePasskeyForm, ReauthenticateWebAuthnForm):
    pass


class AgencySignupForm(SocialSignupForm):
    """Asks a new person from an agency what the agency did not tell; the address is settled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]
        self.fields["full_name"].initial = self.sociallogin.user.full_name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        address = self.sociallogin.email_addresses[0].email
        cleaned["email"] = self.validate_unique_email(address)
        return cleaned
