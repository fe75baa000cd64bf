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
from courses.queries.beside import content_note_of
from courses.queries.catalogue import (
    CourseOutline,
    address_now,
    outline_of,
)
from courses.queries.completion import Remaining, Rule, asks_for, rules_of, whats_left
from courses.queries.keeping import learners_needing
from courses.queries.learning import (
    LearningRow,
    courses_left,
    latest_enrolment,
    my_learning,
)
from courses.queries.offered import CatalogueAsked, CourseCard, catalogue
from courses.queries.outline import (
    OutlineChange,
    course_page_of,
    outline_change,
    published_outline,
)
from courses.queries.prerequisites import FirstCourse, courses_waiting_for, first_courses
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
from courses.queries.versions import (
    MovingUp,
    VersionChange,
    moving_up,
    rules_in_words,
    version_change,
    versions_of,
)

__all__ = [
    "AssessmentState",
    "CatalogueAsked",
    "CourseCard",
    "CourseOutline",
    "FailedAnswer",
    "FirstCourse",
    "LearningRow",
    "LessonReading",
    "MovingUp",
    "OutlineChange",
    "QuestionView",
    "ReflectedCourse",
    "Remaining",
    "Results",
    "Rule",
    "Sitting",
    "UnkeptReflection",
    "VersionChange",
    "address_now",
    "asks_for",
    "assessment_state",
    "assessment_step",
    "attempt_tasks",
    "catalogue",
    "content_note_of",
    "course_page_of",
    "courses_left",
    "courses_offered",
    "courses_waiting_for",
    "first_courses",
    "first_unanswered",
    "latest_enrolment",
    "learners_needing",
    "lesson_as_previewed",
    "lesson_for",
    "moving_up",
    "my_learning",
    "outline_change",
    "outline_of",
    "pass_mark_in_words",
    "published_outline",
    "reflections_of",
    "results_of",
    "rules_in_words",
    "rules_of",
    "sitting",
    "version_change",
    "versions_of",
    "whats_left",
]
