"""A wrong name on a certificate: its holder says so, staff answer."""

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from certificates.enums import AwardStatus, NameCorrectionState
from certificates.forms import AskForNameForm, DecideNameForm
from certificates.forms.names import REISSUE
from certificates.models import Award, NameCorrection
from certificates.queries import facts_of
from certificates.queries.names import (
    correction_in_words,
    corrections_listed,
    corrections_seen_by,
    latest_correction,
    listed_correction,
)
from certificates.services import (
    ask_for_name,
    decline_name_correction,
    make_name_correction,
    withdraw_name_correction,
)
from certificates.views.awards import person_of
from certificates.views.bundles import PAGE_LENGTH
from lms.core.access import PermissionMixin, SignedInMixin
from lms.core.errors import DomainError


class AskForNameView(SignedInMixin, View):
    """The holder's page: what stands there now, what it should be. Others do not find it."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        award = self.award(public_id)
        waiting = latest_correction(award)
        if award.status != AwardStatus.VALID:
            messages.info(request, _("This certificate was replaced or revoked before."))
            return redirect(award)
        if waiting is not None and waiting.state == NameCorrectionState.ASKED:
            return redirect(award)
        is_account_wrong = award.holder_name == person_of(request).full_name
        return self.show(award, AskForNameForm(initial={"is_for_account": is_account_wrong}))

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        award = self.award(public_id)
        form = AskForNameForm(request.POST)
        if not form.is_valid():
            return self.show(award, form, status=422)
        asked_by = person_of(request)
        try:
            ask_for_name(award=award, asked_by=asked_by, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("wanted_name", str(refusal.message))
            return self.show(award, form, status=refusal.status)
        messages.success(
            request, _("Thank you. We have told the people who correct names, and you get a reply.")
        )
        return redirect(award)

    def award(self, public_id: uuid.UUID) -> Award:
        return get_object_or_404(Award, public_id=public_id, user=person_of(self.request))

    def show(self, award: Award, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {"award": award, "facts": facts_of(award), "form": form}
        return render(self.request, "certificates/names/ask.html", context, status=status)


class WithdrawNameView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = person_of(request)
        mine = NameCorrection.objects.filter(user=person).select_related("award")
        correction = get_object_or_404(mine, public_id=public_id)
        try:
            withdraw_name_correction(correction=correction, withdrawn_by=person, now=timezone.now())
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
        else:
            messages.success(request, _("Your request is taken back. The name stays as it is."))
        return redirect(correction.award)


class NameListView(PermissionMixin, View):
    """What waits for an answer; with ?show=answered, what was answered."""

    permission = Permission.MANAGE_AWARDS

    def get(self, request: HttpRequest) -> HttpResponse:
        person, today = person_of(request), timezone.localdate()
        answered = request.GET.get("show") == "answered"
        found = corrections_listed(person, on=today, answered=answered)
        page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": [listed_correction(each) for each in page.object_list],
            "answered": answered,
            "query": "show=answered&" if answered else "",
        }
        return render(request, "certificates/names/list.html", context)


class NameView(PermissionMixin, View):
    """One request: old name and new, what follows, and the two answers."""

    permission = Permission.MANAGE_AWARDS
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        correction = self.correction(public_id)
        form = DecideNameForm(initial={"holder_name": correction.wanted_name})
        return self.show(correction, form)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        correction = self.correction(public_id)
        form = DecideNameForm(request.POST)
        if not form.is_valid():
            return self.show(correction, form, status=422)
        try:
            said = self.decide(correction, form)
        except DomainError as refusal:
            is_reissue = form.cleaned_data["decision"] == REISSUE
            form.add_error("holder_name" if is_reissue else "reason", str(refusal.message))
            return self.show(self.correction(public_id), form, status=refusal.status)
        messages.success(request, said)
        return redirect(correction)

    def decide(self, correction: NameCorrection, form: DecideNameForm) -> str:
        person, now, data = person_of(self.request), timezone.now(), form.cleaned_data
        if data["decision"] == REISSUE:
            name = data["holder_name"]
            make_name_correction(
                correction=correction, holder_name=name, decided_by=person, now=now
            )
            return _("The new certificate is given, and its PDF is being made. We tell the holder.")
        decline_name_correction(
            correction=correction, reason=data["reason"], decided_by=person, now=now
        )
        return _("The name stays as it is. We tell the holder why.")

    def correction(self, public_id: uuid.UUID) -> NameCorrection:
        seen = corrections_seen_by(person_of(self.request), on=timezone.localdate())
        with_all = seen.select_related("award__organisation", "user", "decided_by", "new_award")
        return get_object_or_404(with_all, public_id=public_id)

    def show(
        self, correction: NameCorrection, form: DecideNameForm, status: int = 200
    ) -> HttpResponse:
        state, state_kind = correction_in_words(correction)
        is_standing = correction.award.status == AwardStatus.VALID
        context = {
            "correction": correction,
            "award": correction.award,
            "facts": facts_of(correction.award),
            "state": state,
            "state_kind": state_kind,
            "is_waiting": correction.state == NameCorrectionState.ASKED and is_standing,
            "form": form,
        }
        return render(self.request, "certificates/names/decide.html", context, status=status)
