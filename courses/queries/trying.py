"""Where an editor stands in a test of a course."""

from accounts.models import User
from courses.models import Course, Enrolment


def test_of(user: User, course: Course) -> Enrolment | None:
    """Find the test of `course` that `user` is in, or has finished and not thrown away."""
    return (
        Enrolment.objects.filter(user=user, course=course, is_test=True)
        .select_related("course", "route")
        .first()
    )


test_of.__test__ = False  # type: ignore[attr-defined]  # pytest need not call it
