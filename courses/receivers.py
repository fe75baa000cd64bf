"""News from Wagtail: a page was published or taken down.

Wagtail also says 'published' of a page that is not live yet and was only given a date. Nothing
follows from that: it says so again when the date has come.
"""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

from courses.models import AssessmentPage, CoursePage, LessonPage, ModulePage
from courses.services import (
    publish_assessment,
    publish_course,
    publish_lesson,
    publish_module,
    unpublish_assessment,
    unpublish_course,
)


@receiver(page_published, sender=CoursePage)
def course_page_published(instance: CoursePage, **kwargs: Any) -> None:
    if instance.live:
        publish_course(page=instance, now=timezone.now())


@receiver(page_published, sender=ModulePage)
def module_page_published(instance: ModulePage, **kwargs: Any) -> None:
    if instance.live:
        publish_module(page=instance)


@receiver(page_published, sender=LessonPage)
def lesson_page_published(instance: LessonPage, **kwargs: Any) -> None:
    if instance.live:
        publish_lesson(page=instance, now=timezone.now())


@receiver(page_unpublished, sender=CoursePage)
def course_page_unpublished(instance: CoursePage, **kwargs: Any) -> None:
    unpublish_course(page=instance)


@receiver(page_published, sender=AssessmentPage)
def assessment_page_published(instance: AssessmentPage, **kwargs: Any) -> None:
    if instance.live:
        publish_assessment(page=instance, now=timezone.now())


@receiver(page_unpublished, sender=AssessmentPage)
def assessment_page_unpublished(instance: AssessmentPage, **kwargs: Any) -> None:
    unpublish_assessment(page=instance)
