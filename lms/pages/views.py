from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView, View
from django.views.static import serve

from lms.core.access import PublicMixin
from lms.pages.styleguide import samples


class StyleguideView(PublicMixin, TemplateView):
    """Every component and lesson block with sample data: where a new component begins."""

    template_name = "pages/styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**samples(), **kwargs)


class MediaView(PublicMixin, View):
    """Public media, where no web server in front serves them.

    Documents are not among them: those may be private, and Wagtail's own view asks.
    """

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        root = Path(settings.MEDIA_ROOT).resolve()
        target = (root / path.lstrip("/")).resolve()
        if not target.is_relative_to(root) or target.is_relative_to(root / "documents"):
            raise Http404
        return serve(request, str(target.relative_to(root)), document_root=str(root))
