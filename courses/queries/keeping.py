"""Who still needs a page."""

from wagtail.models import Page

from courses.models import AssessmentPage, CoursePage, Enrolment, LessonPage


def learners_needing(page: Page) -> int:
    """Count the enrolments that lean on `page` or anything below it.

    A course page is needed by everybody who ever took the course, a module or lesson page by those
    whose version requires a lesson in it, an assessment's page by those who began an attempt.
    Editors' tests need none.
    """
    courses = CoursePage.objects.descendant_of(page, inclusive=True).values("course")
    lessons = LessonPage.objects.descendant_of(page, inclusive=True).values("lesson")
    taken = Enrolment.objects.counted()
    by_course = taken.filter(course__in=courses)
    by_lesson = taken.filter(version__version_lessons__lesson__in=lessons)
    assessments = AssessmentPage.objects.descendant_of(page, inclusive=True).values("assessment")
    by_attempt = taken.filter(attempts__assessment__in=assessments)
    return (by_course | by_lesson | by_attempt).distinct().count()
