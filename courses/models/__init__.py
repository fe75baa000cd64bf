from courses.models.catalogue import (
    Course,
    CourseVersion,
    FormerAddress,
    Lesson,
    Module,
    Route,
    VersionLesson,
)
from courses.models.learning import Answer, Completion, Enrolment, LessonProgress
from courses.models.pages import (
    CatalogueIndexPage,
    CoursePage,
    CourseRoute,
    LessonPage,
    ModulePage,
    RecordPage,
)
from courses.models.questions import Question, QuestionRevision

__all__ = [
    "Answer",
    "CatalogueIndexPage",
    "Completion",
    "Course",
    "CoursePage",
    "CourseRoute",
    "CourseVersion",
    "Enrolment",
    "FormerAddress",
    "Lesson",
    "LessonPage",
    "LessonProgress",
    "Module",
    "ModulePage",
    "Question",
    "QuestionRevision",
    "RecordPage",
    "Route",
    "VersionLesson",
]
