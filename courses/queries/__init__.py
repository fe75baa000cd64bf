from courses.queries.assessment import (
    AssessmentState,
    assessment_state,
    assessment_step,
    pass_mark_in_words,
)
from courses.queries.attempts import (
    Results,
    Sitting,
    attempt_tasks,
    first_unanswered,
    results_of,
    sitting,
)
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

__all__ = [
    "AssessmentState",
    "CourseCard",
    "CourseOutline",
    "FailedAnswer",
    "LearningRow",
    "LessonReading",
    "OutlineChange",
    "QuestionView",
    "Remaining",
    "Results",
    "Sitting",
    "address_now",
    "assessment_state",
    "assessment_step",
    "attempt_tasks",
    "course_page_of",
    "courses_offered",
    "first_unanswered",
    "latest_enrolment",
    "learners_needing",
    "lesson_as_previewed",
    "lesson_for",
    "my_learning",
    "outline_change",
    "outline_of",
    "pass_mark_in_words",
    "published_outline",
    "results_of",
    "sitting",
    "whats_left",
]
