from courses.models.assessment import Assessment
from courses.models.attempts import Attempt, AttemptQuestion, DraftAnswer, Reflection
from courses.models.catalogue import (
    Course,
    CourseVersion,
    FormerAddress,
    Lesson,
    Module,
    Route,
    VersionLesson,
)
from courses.models.corrections import CompletionWithdrawal, Correction, SessionCredit
from courses.models.cpd import CpdEntry, CpdFile, CpdYear
from courses.models.evaluation import (
    EvaluationAnswer,
    EvaluationDraft,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationReply,
    EvaluationWording,
)
from courses.models.facts import Fact, FactCheck
from courses.models.learning import Answer, Completion, Enrolment, LessonProgress
from courses.models.links import LinkCheck
from courses.models.pack_uploads import PackUpload
from courses.models.pages import (
    AssessmentPage,
    CatalogueIndexPage,
    CoursePage,
    CoursePrerequisite,
    CourseRoute,
    LessonPage,
    ModulePage,
    RecordPage,
)
from courses.models.questions import Question, QuestionRevision
from courses.models.recordings import Recording

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentPage",
    "Attempt",
    "AttemptQuestion",
    "CatalogueIndexPage",
    "Completion",
    "CompletionWithdrawal",
    "Correction",
    "Course",
    "CoursePage",
    "CoursePrerequisite",
    "CourseRoute",
    "CourseVersion",
    "CpdEntry",
    "CpdFile",
    "CpdYear",
    "DraftAnswer",
    "Enrolment",
    "EvaluationAnswer",
    "EvaluationDraft",
    "EvaluationForm",
    "EvaluationQuestion",
    "EvaluationReply",
    "EvaluationWording",
    "Fact",
    "FactCheck",
    "FormerAddress",
    "Lesson",
    "LessonPage",
    "LessonProgress",
    "LinkCheck",
    "Module",
    "ModulePage",
    "PackUpload",
    "Question",
    "QuestionRevision",
    "RecordPage",
    "Recording",
    "Reflection",
    "Route",
    "SessionCredit",
    "VersionLesson",
]
