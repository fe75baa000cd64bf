"""The questions of evaluations in the Wagtail admin."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import EvaluationForm


class EvaluationFormViewSet(SnippetViewSet):
    model = EvaluationForm
    icon = "form"
    add_to_admin_menu = True
    menu_label = gettext_lazy("Evaluations")
    menu_order = 260
    copy_view_enabled = False
    list_display = (
        "__str__",
        Column("stage", label=gettext_lazy("When"), accessor="get_stage_display"),
        Column("asked", label=gettext_lazy("Questions")),
    )
    edit_handler = ObjectList(
        [
            FieldPanel("course"),
            FieldPanel("introduction"),
            InlinePanel(
                "questions",
                [
                    FieldPanel("kind"),
                    FieldPanel("text"),
                    FieldPanel("hint"),
                    FieldRowPanel([FieldPanel("low"), FieldPanel("high")]),
                    FieldPanel("choices"),
                    FieldPanel("is_required"),
                ],
                heading=gettext_lazy("Questions"),
                label=gettext_lazy("Question"),
                min_num=1,
                max_num=20,
            ),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvaluationForm]:
        return (
            EvaluationForm.objects.select_related("course")
            .annotate(asked=Count("questions"))
            .order_by("course__title", "pk")
        )
