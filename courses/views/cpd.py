"""A person's own CPD record: the page, what they add, the year, and what they take away."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.models import User
from courses.exports.cpd import cpd_csv
from courses.forms.cpd import CpdEntryForm, CpdYearForm
from courses.models import CpdEntry, CpdFile
from courses.queries.cpd import cpd_record, file_of, year_begins, year_from
from courses.services.cpd import (
    CpdEntryRefused,
    CpdYearRefused,
    add_cpd_entry,
    change_cpd_entry,
    delete_cpd_entry,
    set_cpd_year,
)
from courses.services.cpd_files import MOST_ATTEMPTS, STORAGE, ask_for_cpd_file
from lms.core.access import SignedInMixin


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user


def _kept_private(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response


class CpdView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        record = cpd_record(
            _person(request), on=timezone.localdate(), asked=request.GET.get("year", "")
        )
        month, day = record.begins
        context = {"record": record, "begins": datetime.date(2027, month, day)}
        return render(request, "courses/cpd.html", context)


class CpdTableView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        record = cpd_record(
            _person(request), on=timezone.localdate(), asked=request.GET.get("year", "")
        )
        response = HttpResponse(cpd_csv(record), content_type="text/csv; charset=utf-8")
        return _kept_private(response, f"cpd-record-{record.period.value}.csv")


class CpdYearView(SignedInMixin, View):
    """On which day the person's CPD year begins."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        month, day = year_begins(_person(request))
        return self.show(CpdYearForm(initial={"month": month, "day": day}))

    def show(self, form: CpdYearForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "courses/cpd_year.html", {"form": form}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CpdYearForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            set_cpd_year(user=_person(request), **form.cleaned_data)
        except CpdYearRefused as refusal:
            form.add_error("day", str(refusal.message))
            return self.show(form, status=refusal.status)
        messages.success(request, _("Your years begin on that day now."))
        return redirect("courses:cpd")


class EntryView(SignedInMixin, View):
    """A form for an entry, new or there already."""

    http_method_names = ["get", "post"]

    def show(
        self, form: CpdEntryForm, *, entry: CpdEntry | None = None, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "entry": entry}
        return render(self.request, "courses/cpd_entry.html", context, status=status)

    def refused(
        self, form: CpdEntryForm, refusal: CpdEntryRefused, entry: CpdEntry | None = None
    ) -> HttpResponse:
        form.add_error(refusal.field, str(refusal.message))
        return self.show(form, entry=entry, status=refusal.status)

    def kept(self, entry: CpdEntry, told: str) -> HttpResponse:
        messages.success(self.request, told % {"title": entry.title})
        # A year that holds it: by its number, it is the one of the record in which it ended.
        month, day = year_begins(_person(self.request))
        first = datetime.date(entry.ends_on.year, month, day)
        year = first.year if first <= entry.ends_on else first.year - 1
        return redirect(f"{reverse('courses:cpd')}?year={year}")


class AddEntryView(EntryView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(CpdEntryForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CpdEntryForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            entry = add_cpd_entry(user=_person(request), now=timezone.now(), **form.said())
        except CpdEntryRefused as refusal:
            return self.refused(form, refusal)
        return self.kept(entry, _("“%(title)s” is in your record."))


class ChangeEntryView(EntryView):
    def entry(self, public_id: uuid.UUID) -> CpdEntry:
        return get_object_or_404(CpdEntry, public_id=public_id, user=_person(self.request))

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        entry = self.entry(public_id)
        return self.show(CpdEntryForm(initial=CpdEntryForm.initial_of(entry)), entry=entry)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        entry, form = self.entry(public_id), CpdEntryForm(request.POST)
        if not form.is_valid():
            return self.show(form, entry=entry, status=422)
        try:
            entry = change_cpd_entry(entry=entry, now=timezone.now(), **form.said())
        except CpdEntryRefused as refusal:
            return self.refused(form, refusal, entry)
        return self.kept(entry, _("“%(title)s” is changed."))


class DeleteEntryView(ChangeEntryView):
    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        return render(request, "courses/cpd_delete.html", {"entry": self.entry(public_id)})

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        entry = self.entry(public_id)
        delete_cpd_entry(entry=entry)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": entry.title})
        return redirect("courses:cpd")


class AskForFileView(SignedInMixin, View):
    """Asking for the PDF; opened as a page it leads to the record."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("courses:cpd")

    def post(self, request: HttpRequest) -> HttpResponse:
        user = _person(request)
        record = cpd_record(user, on=timezone.localdate(), asked=request.POST.get("year", ""))
        file = ask_for_cpd_file(user=user, period=record.period, now=timezone.now())
        return redirect("courses:cpd-file", file.public_id)


class FileView(SignedInMixin, View):
    """How far the PDF is, and where it is once it is made."""

    def file(self, public_id: uuid.UUID) -> CpdFile:
        return get_object_or_404(
            CpdFile.objects.filter(expires_at__gt=timezone.now()),
            public_id=public_id,
            user=_person(self.request),
        )

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        file = self.file(public_id)
        context: dict[str, Any] = {
            "file": file,
            "label": file_of(file)[0],
            "year": year_from(file.year_from).value,
            "is_given_up": file.made_at is None and file.attempts >= MOST_ATTEMPTS,
        }
        return render(request, "courses/cpd_file.html", context)


class DownloadFileView(FileView):
    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        file = self.file(public_id)
        if file.made_at is None:
            return redirect("courses:cpd-file", public_id)
        try:
            with storages[STORAGE].open(file.file_name) as stored:
                content = stored.read()
        except FileNotFoundError:
            messages.warning(request, _("The PDF is gone. Ask for it again."))
            return redirect("courses:cpd")
        return _kept_private(
            HttpResponse(content, content_type="application/pdf"), file_of(file)[1]
        )
