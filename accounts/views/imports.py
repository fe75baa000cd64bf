"""Importing people from a list, step by step."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.enums import (
    PREPARING_IMPORT,
    WORKING_IMPORT,
    ImportState,
    InvitationChoice,
    LikenessChoice,
    Permission,
    RowOutcome,
    RowVerdict,
)
from accounts.exports import refused_rows
from accounts.forms import ColumnsForm, HowToImportForm, UploadForm, WordsForm
from accounts.models import PeopleImport, User
from accounts.queries.imports import (
    NAMES,
    held_invitations,
    imports_of,
    listed_imports,
    outcome_counts,
    progress_of,
    row_filter,
    shown_rows,
)
from accounts.services.imports import (
    abandon_import,
    answer_words,
    asked_words,
    begin_import,
    choose_rows,
    match_columns,
    reach_of,
    send_held_invitations,
    start_import,
    undo_import,
)
from accounts.services.imports.words import meanings_today
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError
from lms.core.tables import write_csv, write_workbook

PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STEPS = {
    ImportState.READ: "accounts:import-columns",
    ImportState.MAPPED: "accounts:import-words",
    ImportState.PREVIEWED: "accounts:import-preview",
}


@method_decorator(never_cache, name="dispatch")
class ImportingMixin(PermissionMixin):
    """For those who may import people somewhere; each sees the imports that they began."""

    permission = Permission.IMPORT_PEOPLE

    @property
    def person(self) -> User:
        user = self.request.user  # type: ignore[attr-defined]  # the View beside us
        assert isinstance(user, User)  # noqa: S101 - SignedInMixin saw to it
        return user

    def found(self, public_id: uuid.UUID) -> PeopleImport:
        rows = PeopleImport.objects.visible_to(self.person).select_related("started_by")
        return get_object_or_404(rows, public_id=public_id)


class StepMixin(ImportingMixin):
    """A step of one import. Who comes at another time is led to where the import is."""

    states: frozenset[str] = frozenset()
    people_import: PeopleImport

    def dispatch(
        self, request: HttpRequest, *args: Any, public_id: uuid.UUID, **kwargs: Any
    ) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.has_perm(self.permission):
            self.people_import = self.found(public_id)
            if self.states and self.people_import.state not in self.states:
                return self.onward(
                    _("This import is at another step by now. Carry on from here.")
                    if request.method == "POST"
                    else ""
                )
        return super().dispatch(request, *args, **kwargs)

    def onward(self, message: str = "") -> HttpResponse:
        """Lead to where the import is."""
        if message:
            messages.warning(self.request, message)  # type: ignore[attr-defined]  # as above
        self.people_import.refresh_from_db(fields=["state"])
        step = _STEPS.get(ImportState(self.people_import.state), "accounts:import-detail")
        return redirect(step, self.people_import.public_id)


class ImportListView(ImportingMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(imports_of(self.person), PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "pages": _pages(page), "listed": listed_imports(page)}
        return render(request, "accounts/imports/list.html", context)


class StartImportView(ImportingMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        file = form.cleaned_data["file"]
        try:
            people_import = start_import(
                user=self.person, content=file.read(), file_name=file.name, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal.message))
            return self.show(form, status=refusal.status)
        # A long list is read by a worker: what it comes to is on the page of the import.
        step = _STEPS.get(ImportState(people_import.state), "accounts:import-detail")
        return redirect(step, people_import.public_id)

    def show(self, form: UploadForm, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/imports/start.html", {"form": form}, status=status)


class ColumnsView(StepMixin, View):
    states = PREPARING_IMPORT

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            match_columns(
                people_import=self.people_import,
                mapping=form.mapping(),
                constants=form.constants(),
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        return self.onward()

    def form(self, data: Any = None) -> ColumnsForm:
        areas = list(meanings_today().labels["area"].values())
        return ColumnsForm(data, people_import=self.people_import, areas=areas)

    def show(self, form: ColumnsForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "people_import": self.people_import}
        return render(self.request, "accounts/imports/columns.html", context, status=status)


class WordsView(StepMixin, View):
    states = frozenset({ImportState.MAPPED, ImportState.PREVIEWED})

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            answer_words(
                people_import=self.people_import, answers=form.answers(), now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        return self.onward()

    def form(self, data: Any = None) -> WordsForm:
        return WordsForm(
            data,
            words=asked_words(self.people_import),
            meanings=meanings_today(),
            may_add_areas=reach_of(self.person, on=timezone.localdate()).may_add_areas,
        )

    def show(self, form: WordsForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "people_import": self.people_import}
        return render(self.request, "accounts/imports/words.html", context, status=status)


class PreviewView(StepMixin, View):
    states = frozenset({ImportState.PREVIEWED})

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        counts = self.people_import.counts
        wanted = request.GET.get("show", "")
        rows = row_filter(self.people_import, wanted).select_related("likeness")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = {
            "people_import": self.people_import,
            "filters": _filters(counts, RowVerdict, wanted, self.people_import.rows_total),
            "page": page,
            "pages": _pages(page),
            "rows": shown_rows(self.people_import, page.object_list),
            "query": f"show={wanted}&" if wanted else "",
            "wanted": wanted,
            "good": counts.get(RowVerdict.NEW, 0) + counts.get(RowVerdict.CHANGES, 0),
            "counts": counts,
            "choices": LikenessChoice.choices,
            "can_choose": counts.get(RowVerdict.LIKENESS) or counts.get("names"),
        }
        return render(request, "accounts/imports/preview.html", context)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Keep what was chosen for the rows of the page, or how addresses are to be read."""
        tidy = request.POST.get("tidy", "")
        numbers = [int(n) for n in request.POST.getlist("row")[:PAGE] if _is_number(n)]
        try:
            choose_rows(
                people_import=self.people_import,
                choices={n: request.POST.get(f"same-{n}", "") for n in numbers},
                names={n: f"name-{n}" in request.POST for n in numbers},
                is_tidying=tidy == "yes" if tidy in ("yes", "no") else None,
                now=timezone.now(),
            )
        except DomainError as refusal:
            return self.onward(str(refusal.message))
        messages.success(request, _("We have looked at every row again with your choice."))
        return self.onward()


def _pages(page: Page[Any]) -> list[int | str]:
    """The numbers of a list's pages: the first, the last and those round this one."""
    return list(page.paginator.get_elided_page_range(page.number))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _filters(
    counts: dict[str, int], kinds: type[RowVerdict] | type[RowOutcome], wanted: str, total: int
) -> list[dict[str, Any]]:
    """The narrower lists there are, each with its number; empty ones are left out."""
    listed = [{"value": "", "label": _("All rows"), "n": total}]
    listed += [
        {"value": str(kind.value), "label": kind.label, "n": counts[kind.value]}
        for kind in kinds
        if counts.get(kind.value)
    ]
    if kinds is RowVerdict and counts.get("names"):
        listed.append({"value": NAMES, "label": _("The name differs"), "n": counts["names"]})
    return [entry | {"is_current": entry["value"] == wanted} for entry in listed]


class HowView(StepMixin, View):
    states = frozenset({ImportState.PREVIEWED})

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            begin_import(
                people_import=self.people_import,
                is_all_or_nothing=form.cleaned_data["is_all_or_nothing"],
                invitations=InvitationChoice(form.cleaned_data["invitations"]),
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("is_all_or_nothing", str(refusal.message))
            return self.show(form, status=refusal.status)
        return self.onward()

    def form(self, data: Any = None) -> HowToImportForm:
        counts = self.people_import.counts
        return HowToImportForm(
            data,
            good=counts.get(RowVerdict.NEW, 0) + counts.get(RowVerdict.CHANGES, 0),
            in_the_way=counts.get(RowVerdict.WRONG, 0) + counts.get(RowVerdict.LIKENESS, 0),
        )

    def show(self, form: HowToImportForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "people_import": self.people_import,
            "counts": self.people_import.counts,
        }
        return render(self.request, "accounts/imports/how.html", context, status=status)


class ImportView(StepMixin, View):
    """How far a worker is, then what was done."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        people_import = self.people_import
        if people_import.state in WORKING_IMPORT:
            progress = progress_of(people_import)
            context = {"people_import": people_import, "progress": progress}
            return render(request, "accounts/imports/progress.html", context)
        if people_import.state in PREPARING_IMPORT:
            return self.onward()
        wanted = request.GET.get("show", "")
        rows = row_filter(people_import, wanted).select_related("likeness")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        counts = outcome_counts(people_import)
        context = {
            "people_import": people_import,
            "filters": _filters(counts, RowOutcome, wanted, people_import.rows_total),
            "page": page,
            "pages": _pages(page),
            "rows": shown_rows(people_import, page.object_list, outcomes=True),
            "query": f"show={wanted}&" if wanted else "",
            "counts": people_import.counts,
            "failed": counts.get(RowOutcome.FAILED, 0),
            "held": held_invitations(people_import),
            "is_undoable": people_import.is_undoable(timezone.now()),
        }
        return render(request, "accounts/imports/result.html", context)


class RefusedRowsView(StepMixin, View):
    """The rows to put right, as a file to be sent again."""

    def get(self, request: HttpRequest, form: str, **_kwargs: Any) -> HttpResponse:
        header, rows = refused_rows(self.people_import)
        if form == "xlsx":
            content, kind = write_workbook(header, rows, sheet=_("To put right")), _XLSX
        else:
            content, kind = write_csv(header, rows), "text/csv; charset=utf-8"
        stem = slugify(self.people_import.file_name.rpartition(".")[0]) or "people"
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=f"{stem}-to-put-right.{form}"
        )
        response["X-Content-Type-Options"] = "nosniff"
        patch_cache_control(response, private=True, no_store=True)
        return response


class UndoView(StepMixin, View):
    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            undo_import(people_import=self.people_import, now=timezone.now())
        except DomainError as refusal:
            return self.onward(str(refusal.message))
        return self.onward()


class SendHeldView(StepMixin, View):
    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            send_held_invitations(people_import=self.people_import, now=timezone.now())
        except DomainError as refusal:
            return self.onward(str(refusal.message))
        return self.onward()


class AbandonView(StepMixin, View):
    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            abandon_import(people_import=self.people_import, now=timezone.now())
        except DomainError as refusal:
            return self.onward(str(refusal.message))
        messages.success(request, _("The list was given up, and its rows are gone."))
        return redirect("accounts:import-list")
