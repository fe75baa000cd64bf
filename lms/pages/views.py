from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.views.generic import RedirectView, TemplateView, View

from courses.models.recordings import RECORDING_FOLDERS
from lms.core.access import PublicMixin
from lms.core.ranges import serve_in_parts
from lms.pages.styleguide import samples

# What is offered again after a stale form: no secrets, and no more than somebody types.
_SECRETS = ("password", "code")
_MAX_AGAIN = 20_000
# Folders of media whose files may be private.
_ASKED_FOR = ("documents", *RECORDING_FOLDERS)


class StyleguideView(PublicMixin, TemplateView):
    """Every component and lesson block with sample data: where a new component begins."""

    template_name = "pages/styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**samples(), **kwargs)


class FaviconView(PublicMixin, RedirectView):
    """Where browsers look that do not read the page's own link."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("site/images/favicon.svg")


class RobotsView(PublicMixin, TemplateView):
    """What search engines need not read: pages of an account, and checks of certificates."""

    template_name = "pages/robots.txt"
    content_type = "text/plain"


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is old or missing: offer what was typed for sending once more.

    A token goes out of date when somebody signs in or out in another tab. Only a form that came
    from a page of this site is offered again; one from elsewhere is refused without its content.
    """
    fields = typed_again(request) if _is_from_here(request) else []
    context = {"fields": fields, "path": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)


def _is_from_here(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """List the names and values of a posted form; nothing when it holds what must not be shown."""
    names = list(request.POST)
    if request.FILES or any(part in name.lower() for name in names for part in _SECRETS):
        return []
    fields = [
        (name, value)
        for name in names
        if name != "csrfmiddlewaretoken"
        for value in request.POST.getlist(name)
    ]
    return fields if sum(len(name) + len(value) for name, value in fields) <= _MAX_AGAIN else []


class MediaView(PublicMixin, View):
    """Public media, where no web server in front serves them: in parts where a browser asks so.

    Documents and recordings are not among them: those may be private, and a view of Wagtail's and
    one of the courses' ask.
    """

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        root = Path(settings.MEDIA_ROOT).resolve()
        if "\x00" in path:
            raise Http404
        target = (root / path.lstrip("/")).resolve()
        if not target.is_relative_to(root):
            raise Http404
        if any(target.is_relative_to(root / folder) for folder in _ASKED_FOR):
            raise Http404
        if not target.is_file():
            raise Http404
        return serve_in_parts(request, target)
