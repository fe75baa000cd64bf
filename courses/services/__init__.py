from courses.services.answers import QuestionGone, answer_question
from courses.services.assessment import (
    AttemptHandedIn,
    AttemptRefused,
    QuestionsUnanswered,
    hand_in,
    save_response,
    start_attempt,
)
from courses.services.completion import complete_if_due
from courses.services.enrolment import AlreadyCompleted, CourseNotOpen, RouteNotOffered, enrol
from courses.services.marking import AnswerRefused, NotAChoice, NothingAnswered
from courses.services.packs import PackReport, load_course_pack
from courses.services.progress import (
    ChecksUnanswered,
    LessonNotYours,
    finish_lesson,
    keep_place,
    lesson_of,
    open_lesson,
)
from courses.services.publishing import (
    publish_assessment,
    publish_course,
    publish_lesson,
    publish_module,
    unpublish_assessment,
    unpublish_course,
)

__all__ = [
    "AlreadyCompleted",
    "AnswerRefused",
    "AttemptHandedIn",
    "AttemptRefused",
    "ChecksUnanswered",
    "CourseNotOpen",
    "LessonNotYours",
    "NotAChoice",
    "NothingAnswered",
    "PackReport",
    "QuestionGone",
    "QuestionsUnanswered",
    "RouteNotOffered",
    "answer_question",
    "complete_if_due",
    "enrol",
    "finish_lesson",
    "hand_in",
    "keep_place",
    "lesson_of",
    "load_course_pack",
    "open_lesson",
    "publish_assessment",
    "publish_course",
    "publish_lesson",
    "publish_module",
    "save_response",
    "start_attempt",
    "unpublish_assessment",
    "unpublish_course",
]
