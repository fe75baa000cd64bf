"""What is taught: our own rows, which Wagtail pages point at and publish into.

Wording shown is always the live one (`Course`, `Module`, `Lesson`); what an enrolment must do is
kept by its `CourseVersion` and `Route`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField

from accounts.models import Audience
from courses.blocks import LessonBody
from courses.enums import RouteKind
from courses.models.finding import Findable, course_wording, lesson_sentences
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


PLAIN_ADDRESS = _("Use only letters from a to z, digits, hyphens and underscores.")


class CourseQuerySet(models.QuerySet["Course"]):
    def open(self) -> CourseQuerySet:
        """Keep the courses that anybody may begin: published, with a version to enrol on."""
        return self.filter(is_published=True, latest_version__isnull=False)


class Course(Findable, PublicIdModel, TimeStampedModel):
    key = models.SlugField(_("key"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=255, unique=True)
    title = models.CharField(_("title"), max_length=255)
    summary = models.CharField(_("summary"), max_length=250, blank=True)
    description = RichTextField(_("description"), blank=True)
    audience_note = models.CharField(_("who it is for"), max_length=250, blank=True)
    outcomes = models.JSONField(_("outcomes"), default=list, help_text=_("A list of key and text."))
    audiences = models.ManyToManyField(Audience, related_name="+", blank=True)
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, related_name="leads_to", blank=True
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months until it should be refreshed"), null=True, blank=True
    )
    is_published = models.BooleanField(_("published"), default=False)
    latest_version = models.ForeignKey(
        "CourseVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourseQuerySet.as_manager()

    if TYPE_CHECKING:
        versions: RelatedManager[CourseVersion]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[-a-zA-Z0-9_]+\Z"),
                name="course_slug_is_plain",
                violation_error_message=PLAIN_ADDRESS,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.slug])

    def wording(self) -> str:
        texts = (self.summary, self.description, self.audience_note)
        return course_wording(self.title, *texts, outcomes=self.outcomes)


class FormerAddress(models.Model):
    """An address a course had before it was renamed. Whoever comes by it is led on."""

    slug = models.SlugField(_("address"), max_length=255, unique=True)
    course = models.ForeignKey(Course, models.PROTECT, related_name="former_addresses")

    def __str__(self) -> str:
        return self.slug


class Module(PublicIdModel, TimeStampedModel):
    course = models.ForeignKey(Course, models.PROTECT, related_name="modules")
    key = models.SlugField(_("key"), max_length=120)
    title = models.CharField(_("title"), max_length=255)
    introduction = RichTextField(_("introduction"), blank=True)
    content_note = models.TextField(_("content note"), blank=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="module_key_once_per_course")
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(Findable, PublicIdModel, TimeStampedModel):
    """A lesson as last published. It outlives its page, moved, renamed or deleted."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    key = models.SlugField(_("key"), max_length=120)
    title = models.CharField(_("title"), max_length=255)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    content_note = models.TextField(_("content note"), blank=True)
    body = StreamField(LessonBody(), blank=True)
    page_key = models.UUIDField(
        _("page"),
        null=True,
        editable=False,
        help_text=_("The page it was last published from. One that comes back is known by it."),
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="lesson_key_once_per_course")
        ]

    def __str__(self) -> str:
        return self.title

    def wording(self) -> str:
        return " ".join([self.title, *lesson_sentences({self.pk: self.body})[self.pk]])


class CourseVersion(TimeStampedModel):
    """What completing the course means, from one publication to the next change of outline."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    outline = models.CharField(
        _("outline"),
        max_length=64,
        help_text=_("A hash of lessons, their order, and routes: it changes when these do."),
    )
    published_at = models.DateTimeField(_("published"))

    if TYPE_CHECKING:
        version_lessons: RelatedManager[VersionLesson]
        routes: RelatedManager[Route]

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="version_number_once_per_course"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.number}"


class VersionLesson(models.Model):
    """A lesson that a version requires, and where it stands in it."""

    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="version_lessons")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="version_lessons")
    position = models.PositiveIntegerField(_("position"))
    # Readers see the live titles; these tell editors what was renamed between two versions.
    module_title = models.CharField(_("module as it was called"), max_length=255, blank=True)
    lesson_title = models.CharField(_("lesson as it was called"), max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "lesson"], name="lesson_once_per_version"),
            models.UniqueConstraint(
                fields=["version", "position"], name="position_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.position}"


class RouteRules(models.Model):
    """What one way of completing a course asks for, on its page and in the version made of it."""

    kind = models.CharField(
        _("route"), max_length=16, choices=RouteKind.choices, default=RouteKind.ONLINE
    )
    cpd_minutes = models.PositiveIntegerField(
        _("CPD minutes"), validators=[MinValueValidator(1), MaxValueValidator(6000)]
    )
    requires_lessons = models.BooleanField(_("every lesson must be finished"), default=True)
    requires_assessment = models.BooleanField(_("the assessment must be passed"), default=False)
    requires_attendance = models.BooleanField(
        _("a training session must be attended"), default=False
    )
    attendance_share = models.PositiveSmallIntegerField(
        _("share of its minutes, in percent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("How much of the session somebody must have been there for."),
    )
    requires_evaluation = models.BooleanField(_("the evaluation must be filled in"), default=False)

    RULES = (
        "kind",
        "cpd_minutes",
        "requires_lessons",
        "requires_assessment",
        "requires_attendance",
        "attendance_share",
        "requires_evaluation",
    )

    class Meta:
        abstract = True

    @property
    def rules(self) -> dict[str, Any]:
        """Every rule by its name: two routes that ask for the same have the same."""
        return {name: getattr(self, name) for name in self.RULES}


class Route(RouteRules, TimeStampedModel):
    """One way to complete a version, with its own requirements and CPD minutes."""

    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="routes")

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="route_kind_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.get_kind_display()})"
