from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RouteKind(TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    BLENDED = "blended", _("Blended")


class QuestionKind(TextChoices):
    SINGLE = "single", _("One right answer")
    SEVERAL = "several", _("Several right answers")
    TRUE_FALSE = "true_false", _("True or false")
    ORDER = "order", _("Put in order")
    MATCH = "match", _("Match pairs")
    SHORT = "short", _("Short answer")
    SCENARIO = "scenario", _("Scenario")
    BRANCHING = "branching", _("Branching scenario")


# Scenarios are answered like questions, but nothing in them is right or wrong to the machine.
KNOWLEDGE_CHECKS = (
    QuestionKind.SINGLE,
    QuestionKind.SEVERAL,
    QuestionKind.TRUE_FALSE,
    QuestionKind.ORDER,
    QuestionKind.MATCH,
    QuestionKind.SHORT,
)
CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.TRUE_FALSE)


class Verdict(TextChoices):
    """What a choice in a scenario leads to, in words a learner is shown."""

    GOOD = "good", _("A good step")
    PARTLY = "partly", _("Part of the answer")
    POOR = "poor", _("Likely to make things harder")


class FactKind(TextChoices):
    """What an entry of the register of facts is about: each kind ages in its own way."""

    HELPLINE = "helpline", _("Helpline or contact")
    ALLOWANCE = "allowance", _("Allowance or benefit")
    LAW = "law", _("Law or procedure")
    FEE = "fee", _("Fee or cost")
    FIGURE = "figure", _("Figure from research or statistics")
    OTHER = "other", _("Something else")


class CorrectionKind(TextChoices):
    """What staff put right in somebody's learning, always with a reason."""

    LESSON_FINISHED = "lesson_finished", _("Lesson marked as finished")
    LESSON_REOPENED = "lesson_reopened", _("Lesson opened again")
    ASSESSMENT_PASSED = "assessment_passed", _("Assessment counted as passed")
    ATTEMPT_ALLOWED = "attempt_allowed", _("One more attempt allowed")
    ATTENDANCE_COUNTED = "attendance_counted", _("Attendance counted")
    EVALUATION_WAIVED = "evaluation_waived", _("Evaluation not asked for")
    ROUTE_CHANGED = "route_changed", _("Route changed")
    MOVED_UP = "moved_up", _("Moved to a later version")
    WITHDRAWN = "withdrawn", _("Enrolment withdrawn")
    REINSTATED = "reinstated", _("Enrolment taken up again")
    COMPLETION_WITHDRAWN = "completion_withdrawn", _("Completion withdrawn")
    COMPLETION_ALLOWED = "completion_allowed", _("May be completed again")
    TAKEN_BACK = "taken_back", _("Correction taken back")


class AssessmentStage(TextChoices):
    """Where somebody stands with the assessment of their course, as they are told."""

    NOT_NEEDED = "not_needed", _("Not part of your course")
    UNAVAILABLE = "unavailable", _("Not there yet")
    NOT_BEGUN = "not_begun", _("Not begun")
    OPEN = "open", _("Begun")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed yet")
    NO_ATTEMPTS_LEFT = "no_attempts_left", _("No attempts left")


class PackState(TextChoices):
    """How far a course pack has come that somebody uploaded."""

    READING = "reading", _("Being read")
    REFUSED = "refused", _("Cannot be imported")
    PREVIEWED = "previewed", _("Ready to look at")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")


# In these a worker has something to do.
WORKING_PACK = frozenset({PackState.READING, PackState.IMPORTING})


class CpdKind(TextChoices):
    """What somebody did for their professional development, in the words of professional bodies."""

    COURSE = "course", _("Course or training")
    ONLINE = "online", _("Online learning")
    EVENT = "event", _("Conference, seminar or workshop")
    READING = "reading", _("Reading or research")
    SUPERVISION = "supervision", _("Supervision, coaching or mentoring")
    PEERS = "peers", _("Discussion with colleagues, case review")
    WORK = "work", _("Learning at work, shadowing")
    TEACHING = "teaching", _("Teaching or presenting")
    PROJECT = "project", _("Project or improvement work")
    OTHER = "other", _("Something else")


class EvaluationStage(TextChoices):
    """When people are asked what they think of a course."""

    END = "end", _("At the end of the course")


class EvaluationKind(TextChoices):
    """How a question of an evaluation is answered."""

    RATING = "rating", _("Rating from 1 to 5")
    CONFIDENCE = "confidence", _("Confidence in each outcome, now and thinking back")
    CHOICE = "choice", _("One of several choices")
    TEXT = "text", _("In their own words")


class TeamStanding(TextChoices):
    """How somebody of an organisation stands to a course that others would enrol them on."""

    ABLE = "able", _("Can be enrolled")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETE = "complete", _("Complete")
    LACKING = "lacking", _("Something comes first")
    LEFT = "left", _("Left the course")
    NOT_JOINED = "not_joined", _("Not joined yet")
