"""Files of the library: who may have a recording's, and which must not be deleted."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.documents.wagtail_hooks import check_view_restrictions

from accounts.enums import Permission
from courses.models import Recording
from courses.queries.uses import titles_showing
from lms.core.access import PermissionMixin, PublicMixin
from lms.core.ranges import serve_in_parts


class RecordingFileView(PublicMixin, View):
    """A recording's file, its captions or its picture, for whoever may see its collection.

    Who may see a private collection is asked as Wagtail asks for documents. A file that belongs to
    no recording is not served.
    """

    folder = ""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        name = f"{self.folder}/{path}"
        root = Path(settings.MEDIA_ROOT).resolve()
        if "\x00" in path:
            raise Http404
        named = Q(file=name) | Q(captions=name) | Q(thumbnail=name)
        recording = Recording.objects.filter(named).select_related("collection").first()
        target = (root / name).resolve()
        if recording is None or not target.is_relative_to(root) or not target.is_file():
            raise Http404
        if refusal := check_view_restrictions(recording, request):
            return refusal
        response = serve_in_parts(request, target)
        # The browser may keep what it has played, and asks again before it plays it again.
        patch_cache_control(response, private=True, no_cache=True)
        return response


def refusal_to_delete(item: Model) -> str:
    """Say in words why `item` is not deleted; empty where no page shows it."""
    titles = titles_showing(item)
    if not titles:
        return ""
    shown = [f"“{title}”" for title in titles[:5]]
    if len(titles) > 5:
        shown.append(_("%(n)d more") % {"n": len(titles) - 5})
    return _(
        "“%(file)s” was not deleted: it is shown in %(lessons)s. Take it out there and publish, "
        "then delete it."
    ) % {"file": item, "lessons": get_text_list(shown, _("and"))}


class DeleteFileView(PermissionMixin, View):
    """Wagtail's own page for deleting a file, unless a lesson or another page shows the file."""

    permission = Permission.EDIT_COURSES
    http_method_names = ["get", "post"]
    model: Any = None
    argument = ""  # what Wagtail's view calls the number of the file
    wagtails: Any = None
    edit_url = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        item = get_object_or_404(self.model._default_manager, pk=kwargs[self.argument])
        if refusal := refusal_to_delete(item):
            messages.error(request, refusal)
            return redirect(self.edit_url, item.pk)
        return self.wagtails(request, **kwargs)

    post = get
