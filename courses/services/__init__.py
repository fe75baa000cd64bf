from courses.services.answers import QuestionGone, answer_question
from courses.services.assessment import (
    AttemptHandedIn,
    AttemptRefused,
    QuestionsUnanswered,
    hand_in,
    save_response,
    start_attempt,
)
from courses.services.branching import take_step
from courses.services.completion import complete_if_due
from courses.services.crediting import MinutesWrong, record_evaluation, record_session_credit
from courses.services.drafts import keep_draft
from courses.services.enrolment import (
    AlreadyCompleted,
    CourseNotOpen,
    PrerequisiteMissing,
    RouteNotChosen,
    RouteNotOffered,
    enrol,
)
from courses.services.finding import find_anew
from courses.services.marking import AnswerRefused, NotAChoice, NothingAnswered
from courses.services.packs import PackReport, export_course_pack, load_course_pack
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
from courses.services.reflections import (
    ReflectionGone,
    ReflectionRefused,
    erase_reflection,
    keep_reflection,
)
from courses.services.versions import (
    EnrolmentWithdrawn,
    FinishedStaysFinished,
    NothingNewer,
    RouteGone,
    move_up,
)

__all__ = [
    "AlreadyCompleted",
    "AnswerRefused",
    "AttemptHandedIn",
    "AttemptRefused",
    "ChecksUnanswered",
    "CourseNotOpen",
    "EnrolmentWithdrawn",
    "FinishedStaysFinished",
    "LessonNotYours",
    "MinutesWrong",
    "NotAChoice",
    "NothingAnswered",
    "NothingNewer",
    "PackReport",
    "PrerequisiteMissing",
    "QuestionGone",
    "QuestionsUnanswered",
    "ReflectionGone",
    "ReflectionRefused",
    "RouteGone",
    "RouteNotChosen",
    "RouteNotOffered",
    "answer_question",
    "complete_if_due",
    "enrol",
    "erase_reflection",
    "export_course_pack",
    "find_anew",
    "finish_lesson",
    "hand_in",
    "keep_draft",
    "keep_place",
    "keep_reflection",
    "lesson_of",
    "load_course_pack",
    "move_up",
    "open_lesson",
    "publish_assessment",
    "publish_course",
    "publish_lesson",
    "publish_module",
    "record_evaluation",
    "record_session_credit",
    "save_response",
    "start_attempt",
    "take_step",
    "unpublish_assessment",
    "unpublish_course",
]
