"""The register of facts in the Wagtail admin."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import Fact


class FactViewSet(SnippetViewSet):
    model = Fact
    icon = "calendar-check"
    add_to_admin_menu = True
    menu_label = gettext_lazy("Register of facts")
    menu_order = 250
    # SQLite's full-text search cannot look into named columns; the plain one can.
    search_backend_name = None
    search_fields = ("title", "key", "source")
    list_display = ("title", "kind", "checked_on", "review_on")
    list_filter = ("kind",)
    ordering = ("review_on", "pk")
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("key"),
            FieldPanel("kind"),
            FieldPanel("text"),
            FieldPanel("source"),
            FieldPanel("url"),
            FieldPanel("limits"),
            FieldRowPanel([FieldPanel("checked_on"), FieldPanel("review_on")]),
            FieldPanel("owner"),
        ]
    )
