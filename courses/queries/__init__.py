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
from courses.queries.outline import (
    OutlineChange,
    course_page_of,
    outline_change,
    published_outline,
)
from courses.queries.questions import FailedAnswer, QuestionView
from courses.queries.reading import (
    LessonReading,
    lesson_as_previewed,
    lesson_for,
)
from courses.queries.reflecting import (
    ReflectedCourse,
    UnkeptReflection,
    reflections_of,
)

__all__ = [
    "CourseCard",
    "CourseOutline",
    "FailedAnswer",
    "LearningRow",
    "LessonReading",
    "OutlineChange",
    "QuestionView",
    "ReflectedCourse",
    "Remaining",
    "UnkeptReflection",
    "address_now",
    "course_page_of",
    "courses_offered",
    "latest_enrolment",
    "learners_needing",
    "lesson_as_previewed",
    "lesson_for",
    "my_learning",
    "outline_change",
    "outline_of",
    "published_outline",
    "reflections_of",
    "whats_left",
]
