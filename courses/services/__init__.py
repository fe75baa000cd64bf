from courses.services.answers import QuestionGone, answer_question
from courses.services.branching import take_step
from courses.services.completion import complete_if_due
from courses.services.drafts import keep_draft
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
    publish_course,
    publish_lesson,
    publish_module,
    unpublish_course,
)
from courses.services.reflections import ReflectionGone, ReflectionRefused, keep_reflection

__all__ = [
    "AlreadyCompleted",
    "AnswerRefused",
    "ChecksUnanswered",
    "CourseNotOpen",
    "LessonNotYours",
    "NotAChoice",
    "NothingAnswered",
    "PackReport",
    "QuestionGone",
    "ReflectionGone",
    "ReflectionRefused",
    "RouteNotOffered",
    "answer_question",
    "complete_if_due",
    "enrol",
    "finish_lesson",
    "keep_draft",
    "keep_place",
    "keep_reflection",
    "lesson_of",
    "load_course_pack",
    "open_lesson",
    "publish_course",
    "publish_lesson",
    "publish_module",
    "take_step",
    "unpublish_course",
]
