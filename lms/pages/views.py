from typing import Any

from django.views.generic import TemplateView

from lms.core.access import PublicMixin
from lms.pages.styleguide import samples


class StyleguideView(PublicMixin, TemplateView):
    """Every component and lesson block with sample data: where a new component begins."""

    template_name = "pages/styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**samples(), **kwargs)
