"""Where editors write: a tree of course, module and lesson pages, published into our own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, Revision
from wagtail.search import index

from courses.blocks import PROSE, LessonBody, OutcomesBlock, QuestionBank, must_be_printable
from courses.enums import QuestionKind
from courses.models import course_rules
from courses.models.assessment import Assessment, AssessmentRules
from courses.models.catalogue import PLAIN_ADDRESS, Course, Lesson, Module, RouteRules
from courses.models.page_rules import (
    AssessmentPageForm,
    known_outcomes,
    problem_with_draw,
    problems_with_bank,
)

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from courses.queries import OutlineChange


class RecordPage(Page):
    """A page that points at a row of ours. The pointer is never taken from a draft or a copy.

    A draft begun before the first publication knows no row yet; without this, publishing it later
    would make a second row and leave the learners' records on the first.
    """

    record_field: str
    # Our own views serve what is published here: none of them would ask for a page's password.
    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def check_finished(self) -> None:
        """Raise ValidationError when a block was saved as a draft that cannot be published."""
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                value = getattr(self, field.name)
                value.stream_block.clean(value)

    @transaction.atomic
    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish the page together with the rows that follow from it, or neither.

        What comes here by a date, in bulk or after a reading has not passed the editor's form.
        """
        revision.as_object().check_finished()
        super().publish(revision, *args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the page; an alias begins without its original's row, as a copy does."""
        if self._state.adding and self.alias_of_id is not None:
            setattr(self, self.record_field, None)
        return super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> RecordPage:
        page = super().with_content_json(content)
        setattr(page, self.record_field, getattr(self, self.record_field))
        return page


class CatalogueIndexPage(Page):
    """Holds the courses in Wagtail's tree. What visitors see at its address is the catalogue."""

    subpage_types = ["courses.CoursePage"]
    max_count = 1
    private_page_options: list[str] = []  # the catalogue is public: our views serve it
    page_description = _("Holds the courses. Visitors see the catalogue here.")

    class Meta:
        verbose_name = _("catalogue")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("courses:catalogue")


class CoursePage(RecordPage):
    """A course as its editors write it. Publishing it with a changed outline makes a version."""

    course = models.OneToOneField(
        Course, models.PROTECT, null=True, blank=True, editable=False, related_name="page"
    )
    summary = models.CharField(
        _("summary"), max_length=250, help_text=_("One or two sentences for the catalogue.")
    )
    audience_note = models.CharField(_("who it is for"), max_length=250, blank=True)
    description = RichTextField(_("description"), features=PROSE)
    outcomes = StreamField(
        OutcomesBlock(),
        min_num=1,
        verbose_name=_("outcomes"),
        help_text=_("What learners can do afterwards."),
    )

    audiences = ParentalManyToManyField(
        "accounts.Audience",
        blank=True,
        related_name="+",
        verbose_name=_("audiences"),
        help_text=_("Whom the catalogue offers it to. None means everybody."),
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months until it should be refreshed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("The certificate says until when. Leave empty if it does not run out."),
    )

    record_field = "course"
    base_form_class = course_rules.CoursePageForm
    exclude_fields_in_copy = ["course"]
    parent_page_types = ["courses.CatalogueIndexPage"]
    subpage_types = ["courses.ModulePage", "courses.AssessmentPage"]
    page_description = _("A course. Its modules and lessons are the pages below it.")

    if TYPE_CHECKING:
        course_routes: RelatedManager[CourseRoute]
        course_prerequisites: RelatedManager[CoursePrerequisite]

    content_panels = [
        HelpPanel(template="courses/admin/standing.html", heading=_("For learners")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("audience_note"),
        FieldPanel("audiences", widget=CheckboxSelectMultiple),
        FieldPanel("description"),
        FieldPanel("outcomes"),
        MultiFieldPanel(
            [InlinePanel("course_routes", min_num=1, label=_("Route"))], heading=_("Routes")
        ),
        MultiFieldPanel(
            [InlinePanel("course_prerequisites", label=_("Course"))],
            heading=_("Courses to complete first"),
        ),
        FieldPanel("valid_months"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("description"),
        index.SearchField("outcomes"),
    ]

    class Meta:
        verbose_name = _("course")

    def check_finished(self, *, has_assessment: bool = False) -> None:
        """Raise ValidationError too where what it asks for cannot be met. See course_rules.

        `has_assessment` says that its assessment is published together with it.
        """
        super().check_finished()
        problems = course_rules.problems_of(self, has_assessment=has_assessment)
        if problems:
            raise ValidationError(problems)

    def what_publishing_changes(self) -> OutlineChange:
        from courses.queries import outline_change

        return outline_change(self)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        try:
            validate_slug(self.slug)
        except ValidationError:
            errors["slug"] = PLAIN_ADDRESS
        try:
            must_be_printable(self.title)
        except ValidationError as error:
            errors["title"] = error
        if errors:
            raise ValidationError(errors)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(self.course.get_absolute_url() if self.course else "courses:catalogue")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        modules = ModulePage.objects.child_of(self).order_by("path") if self.pk else []
        below = [(module, module.get_children().order_by("path")) for module in modules]
        context = {"page": self, "below": below, "routes": self.course_routes.all()}
        return render(request, "courses/course_preview.html", context)


class CourseRoute(RouteRules, Orderable):
    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_routes")

    panels = [FieldPanel(name) for name in RouteRules.RULES]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "kind"],
                name="course_route_kind_once_per_page",
                violation_error_message=_("This course already has that route."),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        if problem := course_rules.problem_of_route(self):
            raise ValidationError(problem)


class CoursePrerequisite(Orderable):
    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_prerequisites")
    needs = models.ForeignKey(
        Course, models.PROTECT, related_name="+", verbose_name=_("course to complete first")
    )

    panels = [FieldPanel("needs")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "needs"],
                name="course_prerequisite_once_per_page",
                violation_error_message=_("This course is listed already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.needs)


class ModulePage(RecordPage):
    module = models.OneToOneField(
        Module, models.PROTECT, null=True, blank=True, editable=False, related_name="page"
    )
    introduction = RichTextField(_("introduction"), features=PROSE)
    content_note = models.TextField(
        _("content note"),
        blank=True,
        help_text=_("What may be hard to read. It opens every lesson of the module."),
    )

    record_field = "module"
    exclude_fields_in_copy = ["module"]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("content_note"),
    ]

    class Meta:
        verbose_name = _("module")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.get_parent().specific.serve(request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return render(request, "courses/module_preview.html", {"page": self})


class LessonPageForm(WagtailAdminPageForm):
    """Refuse a question whose outcome the course does not have; drafts may still name one."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "body" not in cleaned:
            return cleaned
        known = known_outcomes(self.parent_page.get_parent().specific)
        problem = {"outcome": ValidationError(_("The course has no outcome of this short name."))}
        errors = {
            number: StructBlockValidationError(block_errors=problem)
            for number, block in enumerate(cleaned["body"])
            if block.block_type in QuestionKind.values
            and block.value["outcome"] not in known | {""}
        }
        if errors:
            self.add_error("body", StreamBlockValidationError(block_errors=errors))
        return cleaned


class LessonPage(RecordPage):
    lesson = models.OneToOneField(
        Lesson, models.PROTECT, null=True, blank=True, editable=False, related_name="page"
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("How long reading and answering takes."),
    )
    content_note = models.TextField(
        _("content note"),
        blank=True,
        help_text=_(
            "What may be hard to read in this lesson. It comes before the lesson, with a way to "
            "leave and where to get support."
        ),
    )
    body = StreamField(LessonBody(), verbose_name=_("lesson"))

    record_field = "lesson"
    base_form_class = LessonPageForm
    exclude_fields_in_copy = ["lesson"]
    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        FieldPanel("content_note"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("lesson")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.lesson is None:
            return self.get_parent().specific.serve(request)
        return redirect("courses:lesson", self.lesson.course.slug, self.lesson.public_id)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.queries import lesson_as_previewed

        note = self.content_note or self.get_parent().specific.content_note
        return render(
            request,
            "courses/lesson_preview.html",
            {"page": self, "reading": lesson_as_previewed(self.body, note)},
        )


class AssessmentPage(RecordPage, AssessmentRules):  # type: ignore[django-manager-missing]  # two bases
    """The assessment a course ends in, and the bank of questions it is drawn from."""

    assessment = models.OneToOneField(
        Assessment, models.PROTECT, null=True, blank=True, editable=False, related_name="page"
    )
    bank = StreamField(QuestionBank(), verbose_name=_("question bank"))

    record_field = "assessment"
    base_form_class = AssessmentPageForm
    exclude_fields_in_copy = ["assessment"]
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    content_panels = [
        *Page.content_panels,
        *(FieldPanel(name) for name in AssessmentRules.RULES),
        FieldPanel("bank"),
    ]
    page_description = _("Questions drawn from a bank, marked when they are handed in.")

    class Meta:
        verbose_name = _("assessment")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.get_parent().specific.serve(request)

    def check_finished(self) -> None:
        super().check_finished()
        problems = problems_with_bank(self.bank, known_outcomes(self.get_parent().specific))
        problem = problem_with_draw(self.draw_count, self.bank)
        if problem:
            raise ValidationError(problem)
        if problems:
            raise StreamBlockValidationError(block_errors=problems)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.queries import lesson_as_previewed

        return render(
            request,
            "courses/assessment_preview.html",
            {"page": self, "reading": lesson_as_previewed(self.bank)},
        )
