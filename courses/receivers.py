"""News from Wagtail: a page was published or taken down.

Wagtail also says 'published' of a page that is not live yet and was only given a date. Nothing
follows from that: it says so again when the date has come.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

from courses.models import AssessmentPage, CoursePage, Fact, LessonPage, ModulePage, Recording
from courses.services import (
    find_anew,
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


@receiver(post_save, sender=Fact)
def fact_saved(instance: Fact, created: bool, **kwargs: Any) -> None:
    if not created:
        find_anew(field="entry", key=instance.pk)


@receiver(post_save, sender=Recording)
def recording_saved(instance: Recording, created: bool, **kwargs: Any) -> None:
    if not created:
        find_anew(field="recording", key=instance.pk)
