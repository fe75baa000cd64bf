"""Putting somebody's learning record right: one service for each repair, all through `repair`."""

from courses.services.repairs.doing import (
    MetAlready,
    NotAskedFor,
    NotCompleted,
    NotFinished,
    NothingToTakeBack,
    NotWithdrawn,
    OwnRecord,
    ReasonMissing,
    ReasonTooLong,
    Repaired,
    TakingItAnew,
)
from courses.services.repairs.enrolments import (
    change_route,
    move_up_for,
    reinstate_enrolment,
    withdraw_completion,
    withdraw_enrolment,
)
from courses.services.repairs.foreseeing import Foreseen, foresee
from courses.services.repairs.rules import (
    allow_attempt,
    allow_completion,
    count_assessment,
    count_attendance,
    count_lesson,
    lesson_of_version,
    reopen_lesson,
    take_back,
    waive_evaluation,
)

__all__ = [
    "Foreseen",
    "MetAlready",
    "NotAskedFor",
    "NotCompleted",
    "NotFinished",
    "NotWithdrawn",
    "NothingToTakeBack",
    "OwnRecord",
    "ReasonMissing",
    "ReasonTooLong",
    "Repaired",
    "TakingItAnew",
    "allow_attempt",
    "allow_completion",
    "change_route",
    "count_assessment",
    "count_attendance",
    "count_lesson",
    "foresee",
    "lesson_of_version",
    "move_up_for",
    "reinstate_enrolment",
    "reopen_lesson",
    "take_back",
    "waive_evaluation",
    "withdraw_completion",
    "withdraw_enrolment",
]
