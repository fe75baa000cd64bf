from courses.queries.catalogue import (
    CourseCard,
    CourseOutline,
    address_now,
    courses_offered,
    outline_of,
)
from courses.queries.keeping import learners_needing
from courses.queries.learning import (
    LearningRow,
    Remaining,
    latest_enrolment,
    my_learning,
    whats_left,
)
from courses.queries.reading import (
    FailedAnswer,
    LessonReading,
    QuestionView,
    lesson_as_previewed,
    lesson_for,
)

__all__ = [
    "CourseCard",
    "CourseOutline",
    "FailedAnswer",
    "LearningRow",
    "LessonReading",
    "QuestionView",
    "Remaining",
    "address_now",
    "courses_offered",
    "latest_enrolment",
    "learners_needing",
    "lesson_as_previewed",
    "lesson_for",
    "my_learning",
    "outline_of",
    "whats_left",
]
