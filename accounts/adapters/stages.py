from allauth.account.authentication import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from accounts.permissions import is_vouched_for


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor, unless an agency that signed the person in has done so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(is_vouched_for(record) for record in records):
            return False
        return super()._should_handle(request)
