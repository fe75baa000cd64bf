import logging
import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from accounts.models import User
from certificates.forms import CheckForm, HolderNameForm, code_not_found
from certificates.models import Award, written_code
from certificates.notices import pdf_name
from certificates.queries import (
    StoredPdfDamaged,
    award_by_code,
    awards_seen_by,
    facts_of,
    is_holder_name,
    my_certificates,
    stored_pdf,
)
from certificates.queries.names import latest_correction
from lms.core.access import PublicMixin, SignedInMixin
from lms.core.throttle import is_over_limit

logger = logging.getLogger(__name__)


@method_decorator(never_cache, name="dispatch")
class CheckingMixin(PublicMixin):
    """A public check, slowed for an address that keeps guessing.

    Only misses count: an office that checks thirty real certificates is not in anybody's way.
    Whoever has missed too often is told to wait, whatever they ask.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cache.get(self._stop(request)):
            return self.too_many(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the View beside us
        response["X-Robots-Tag"] = "noindex"
        return response

    def is_stopped_by_a_miss(self, request: HttpRequest) -> bool:
        """Count a wrong code or name, and say whether that was one too many."""
        over = is_over_limit(
            "certificate-check",
            self._address(request),
            limit=settings.VERIFY_ATTEMPTS,
            window_seconds=settings.VERIFY_WINDOW_SECONDS,
        )
        if over:
            cache.set(self._stop(request), True, timeout=settings.VERIFY_WINDOW_SECONDS)
        return over

    def too_many(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(settings.VERIFY_WINDOW_SECONDS)
        return response

    def not_found(self, request: HttpRequest, typed: str) -> HttpResponse:
        """Show the form again, with what was typed and what is wrong with it."""
        if self.is_stopped_by_a_miss(request):
            return self.too_many(request)
        form = code_not_found(
            typed,
            _("We have no certificate with this code. Compare it with the certificate once more."),
        )
        return render(request, "certificates/verify.html", {"form": form}, status=404)

    @staticmethod
    def _address(request: HttpRequest) -> str:
        return get_adapter().get_client_ip(request)

    def _stop(self, request: HttpRequest) -> str:
        return f"certificate-check-stopped:{self._address(request)}"


class VerifyView(CheckingMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if "code" not in request.GET:
            return render(request, "certificates/verify.html", {"form": CheckForm()})
        typed = request.GET["code"]
        form = CheckForm(request.GET)
        if form.is_valid() and award_by_code(typed) is not None:
            return redirect("certificates:verify-code", written_code(form.cleaned_data["code"]))
        if not typed.strip():
            return render(request, "certificates/verify.html", {"form": form}, status=422)
        return self.not_found(request, typed)


class VerifyCodeView(CheckingMixin, View):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        award = award_by_code(code)
        if award is None:
            return self.not_found(request, code)
        return self.show(award, HolderNameForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        award = award_by_code(code)
        if award is None:
            return self.not_found(request, code)
        form = HolderNameForm(request.POST)
        if not form.is_valid():
            return self.show(award, form, status=422)
        matches = is_holder_name(award, form.cleaned_data["name"])
        if not matches and self.is_stopped_by_a_miss(request):
            return self.too_many(request)
        return self.show(award, form, matches=matches)

    def show(
        self,
        award: Award,
        form: HolderNameForm,
        *,
        matches: bool | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "award": award,
            "facts": facts_of(award),
            "standing": award.standing(timezone.localdate()),
            "form": form,
            "matches": matches,
        }
        return render(self.request, "certificates/verify_code.html", context, status=status)


class MyCertificatesView(SignedInMixin, TemplateView):
    template_name = "certificates/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = my_certificates(person_of(self.request), on=timezone.localdate())
        return super().get_context_data(mine=mine, **kwargs)


class AwardView(SignedInMixin, View):
    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        return _render_award(request, _award_for(request, public_id))


class DownloadView(SignedInMixin, View):
    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        award = _award_for(request, public_id)
        if not award.is_rendered:
            messages.info(request, _("The PDF is not there yet. Try again in a minute."))
            return redirect(award)
        try:
            content = stored_pdf(award)
        except StoredPdfDamaged as refusal:
            logger.exception("The stored PDF of award %s is damaged", award.pk)
            return _render_award(request, award, error=str(refusal.message), status=refusal.status)
        response = HttpResponse(content, content_type="application/pdf")
        disposition = content_disposition_header(as_attachment=True, filename=pdf_name(award))
        response["Content-Disposition"] = disposition or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        patch_cache_control(response, private=True, no_store=True)
        return response


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user


def _award_for(request: HttpRequest, public_id: uuid.UUID) -> Award:
    seen = awards_seen_by(person_of(request), on=timezone.localdate())
    return get_object_or_404(seen, public_id=public_id)


def _render_award(
    request: HttpRequest, award: Award, *, error: str = "", status: int = 200
) -> HttpResponse:
    is_own = award.user_id == request.user.pk
    correction = latest_correction(award) if is_own else None
    context = {
        "award": award,
        "facts": facts_of(award),
        "standing": award.standing(timezone.localdate()),
        "is_own": is_own,
        "correction": correction,
        "error": error,
    }
    return render(request, "certificates/award.html", context, status=status)
