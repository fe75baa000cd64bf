from django.views.generic import TemplateView

from lms.core.access import PublicMixin


class StyleguideView(PublicMixin, TemplateView):
    """Every component and lesson block with sample data: where a new component begins."""

    template_name = "pages/styleguide.html"
