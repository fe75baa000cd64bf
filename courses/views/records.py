"""Why somebody is not complete, for whoever looks after learners; and putting it right."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import grants_carrying
from accounts.queries import current_grants, organisations_reached
from courses.enums import RouteKind
from courses.forms.records import LearningForm, ReasonForm
from courses.models import Enrolment
from courses.queries.record import Doing, learning_record, repair_url
from courses.queries.records import (
    enrolments_seen_by,
    learning_found,
    learning_rows,
    may_see_scores,
    state_in_words,
)
from courses.services import repairs
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError

PAGE_LENGTH = 50


class LearningListView(PermissionMixin, View):
    permission = Permission.VIEW_LEARNING

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer, now = _viewer(request), timezone.now()
        grants = grants_carrying(
            current_grants(viewer, on=timezone.localdate(now)), Permission.VIEW_LEARNING
        )
        reached = organisations_reached(grants).order_by("name", "pk")
        form = LearningForm(request.GET, organisations=reached)
        is_valid = form.is_valid()
        found = (
            learning_found(viewer, form.asked(), now=now) if is_valid else Enrolment.objects.none()
        )
        page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
        kept = request.GET.copy()
        kept.pop("page", None)
        context = {
            "form": form,
            "page": page,
            "rows": learning_rows(page.object_list, now=now),  # type: ignore[arg-type]  # a QuerySet, as the paginator was given
            "is_asked": any(request.GET.get(name) for name in form.fields),
            "query": f"{kept.urlencode()}&" if kept else "",
        }
        status = 200 if is_valid else 422
        return render(request, "courses/learning_list.html", context, status=status)


class LearningView(PermissionMixin, View):
    permission = Permission.VIEW_LEARNING

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        viewer, today = _viewer(request), timezone.localdate()
        enrolment = _enrolment_for(viewer, public_id, Permission.VIEW_LEARNING)
        reached = enrolments_seen_by(viewer, on=today, permission=Permission.REPAIR_LEARNING)
        is_own = enrolment.user_id == viewer.pk
        record = learning_record(
            enrolment,
            sees_scores=may_see_scores(viewer, enrolment, on=today),
            may_repair=not is_own and reached.filter(pk=enrolment.pk).exists(),
        )
        state, state_kind = state_in_words(enrolment)
        context = {
            "enrolment": enrolment,
            "record": record,
            "state": state,
            "state_kind": state_kind,
            "doings": [(_title(x), x.url) for x in record.doings],
        }
        return render(request, "courses/learning_record.html", context)


@dataclass(frozen=True)
class RepairKind:
    """A repair as its page words it: what it does, and which service makes it."""

    title: str | Promise
    text: str | Promise
    service: Callable[..., repairs.Repaired]
    target: str = ""  # what its address names besides: a lesson, a route or a correction
    is_grave: bool = False


KINDS = {
    "lesson-finished": RepairKind(
        _l("Mark a lesson as finished"),
        _l("It counts as finished, whatever of its questions they answered."),
        repairs.count_lesson,
        "lesson",
    ),
    "lesson-reopened": RepairKind(
        _l("Open a lesson again"),
        _l("It has to be finished once more. The answers stay."),
        repairs.reopen_lesson,
        "lesson",
        is_grave=True,
    ),
    "assessment-passed": RepairKind(
        _l("Count the assessment as passed"),
        _l("Without an attempt, or whatever came out of it."),
        repairs.count_assessment,
    ),
    "attempt-allowed": RepairKind(
        _l("Allow one more attempt at the assessment"),
        _l("Beyond the number of attempts, and without waiting."),
        repairs.allow_attempt,
    ),
    "attendance-counted": RepairKind(
        _l("Count a training session as attended"),
        _l("Whatever the register says."),
        repairs.count_attendance,
    ),
    "evaluation-waived": RepairKind(
        _l("Let them off the evaluation"),
        _l("The course can be completed without it."),
        repairs.waive_evaluation,
    ),
    "completion-allowed": RepairKind(
        _l("Allow the course to be completed again"),
        _l("Their completion was withdrawn, and nothing is left to do."),
        repairs.allow_completion,
    ),
    "taken-back": RepairKind(
        _l("Take back a correction"),
        _l("What it stood for has to be done after all."),
        repairs.take_back,
        "correction",
        is_grave=True,
    ),
    "route-changed": RepairKind(
        _l("Change how they take the course"),
        _l("Everything they have done is kept, and the other way’s rules hold from now on."),
        repairs.change_route,
        "route",
    ),
    "moved-up": RepairKind(
        _l("Move them up to the newest version"),
        _l("Everything they have done is kept. They cannot go back."),
        repairs.move_up_for,
    ),
    "withdrawn": RepairKind(
        _l("Withdraw them from the course"),
        _l("They are no longer enrolled. It can be taken up again later."),
        repairs.withdraw_enrolment,
        is_grave=True,
    ),
    "reinstated": RepairKind(
        _l("Take the enrolment up again"),
        _l("They go on where they stopped."),
        repairs.reinstate_enrolment,
    ),
    "completion-withdrawn": RepairKind(
        _l("Withdraw the completion"),
        _l("It was given wrongly. It stays in the record, and no longer counts."),
        repairs.withdraw_completion,
        is_grave=True,
    ),
}


def _title(doing: Doing) -> str:
    """Name a repair, and what it is of where there may be several."""
    title = str(KINDS[doing.action].title)
    if doing.of:
        return f"{title}: {doing.of}"
    return title


class RepairView(PermissionMixin, View):
    """One repair of one record: what it does and what follows; then, with a reason, it is made."""

    permission = Permission.REPAIR_LEARNING
    http_method_names = ["get", "post"]

    def get(
        self, request: HttpRequest, public_id: uuid.UUID, action: str, target: str = ""
    ) -> HttpResponse:
        return self._show(request, public_id, action, target, ReasonForm())

    def post(
        self, request: HttpRequest, public_id: uuid.UUID, action: str, target: str = ""
    ) -> HttpResponse:
        enrolment, kind, service, _what = self._found(request, public_id, action, target)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._show(request, public_id, action, target, form, status=422)
        try:
            repaired = service(reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
        else:
            messages.success(request, _said(repaired, str(kind.title)))
        return redirect("courses:learning", enrolment.public_id)

    def _show(
        self,
        request: HttpRequest,
        public_id: uuid.UUID,
        action: str,
        target: str,
        form: ReasonForm,
        status: int = 200,
    ) -> HttpResponse:
        enrolment, kind, service, what = self._found(request, public_id, action, target)
        try:
            foreseen = repairs.foresee(partial(service, reason="-"), enrolment)
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
            return redirect("courses:learning", enrolment.public_id)
        context = {
            "enrolment": enrolment,
            "kind": kind,
            "what": what,
            "foreseen": foreseen,
            "form": form,
            "url": repair_url(enrolment, action, target),
        }
        return render(request, "courses/repair.html", context, status=status)

    @staticmethod
    def _found(
        request: HttpRequest, public_id: uuid.UUID, action: str, target: str
    ) -> tuple[Enrolment, RepairKind, Callable[..., repairs.Repaired], str]:
        viewer = _viewer(request)
        enrolment = _enrolment_for(viewer, public_id, Permission.REPAIR_LEARNING)
        kind = KINDS.get(action)
        if kind is None or bool(kind.target) != bool(target):
            raise Http404
        named, what = _named(enrolment, kind, target)
        service = partial(kind.service, enrolment=enrolment, by=viewer, now=timezone.now(), **named)
        return enrolment, kind, service, what


def _named(enrolment: Enrolment, kind: RepairKind, target: str) -> tuple[dict[str, Any], str]:
    """Read what the address names besides the repair: for the service, and in words."""
    if kind.target == "lesson":
        try:
            lesson = repairs.lesson_of_version(enrolment, uuid.UUID(target))
        except (ValueError, DomainError) as error:
            raise Http404 from error
        return {"lesson": lesson}, lesson.title
    if kind.target == "route":
        if target not in RouteKind.values:
            raise Http404
        return {"route_kind": target}, str(RouteKind(target).label)
    if kind.target == "correction":
        correction = enrolment.corrections.filter(pk=int(target) if _is_number(target) else 0)
        made = correction.first()
        if made is None:
            raise Http404
        return {"correction_id": made.pk}, str(made.get_kind_display())
    return {}, ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15


def _said(repaired: repairs.Repaired, title: str) -> str:
    if repaired.settled.completion:
        return _("Done: %(what)s. That completes the course.") % {"what": title}
    if repaired.settled.withdrawn:
        return _("Done: %(what)s. The completion no longer counts.") % {"what": title}
    return _("Done: %(what)s. We tell them by e-mail.") % {"what": title}


def _viewer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the mixin saw to it
    return request.user


def _enrolment_for(viewer: User, public_id: uuid.UUID, permission: Permission) -> Enrolment:
    seen = enrolments_seen_by(viewer, on=timezone.localdate(), permission=permission)
    return get_object_or_404(
        seen.select_related(
            "user", "course__latest_version", "version", "route", "organisation", "enrolled_by"
        ),
        public_id=public_id,
    )
