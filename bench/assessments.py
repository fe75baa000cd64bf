"""A course that ends in an assessment, and many who took it: 100 at scale 1, 10,000 at 100."""

from collections.abc import Sequence

from accounts.models import User
from bench.data import NOW, CourseData, enrol_all, make_choices, make_course, make_id, make_people
from courses.enums import QuestionKind
from courses.models import (
    Assessment,
    Attempt,
    AttemptQuestion,
    Enrolment,
    Question,
    QuestionRevision,
    Route,
)

TAKERS, BANK, DRAWN = 100, 24, 12
_BATCH = 1000


def make_assessed_course(reader: User) -> tuple[CourseData, Attempt]:
    """Make the course, on which `reader` has an attempt open with every question answered."""
    data = make_course(902, lessons=5)
    Route.objects.filter(version=data.version).update(requires_assessment=True)
    data.route.refresh_from_db()
    assessment = Assessment.objects.create(
        course=data.course, title="The end", draw_count=DRAWN, is_live=True
    )
    questions = Question.objects.bulk_create(
        Question(
            assessment=assessment,
            block_id=str(make_id("bank", number)),
            kind=QuestionKind.SINGLE,
            public_id=make_id("bank", number),
        )
        for number in range(BANK)
    )
    revisions = QuestionRevision.objects.bulk_create(
        QuestionRevision(question=question, number=1, content=_content(n), published_at=NOW)
        for n, question in enumerate(questions)
    )
    for question, revision in zip(questions, revisions, strict=True):
        question.latest_revision = revision
    Question.objects.bulk_update(questions, ["latest_revision"])
    enrolments = enrol_all([reader], data, finished=2)
    (attempt,) = _take(enrolments, assessment, is_open=True)
    return data, attempt


def _content(number: int) -> dict[str, object]:
    return {
        "stem": f"<p>Which of these is number {number}?</p>",
        "outcome": f"o{number % 5}",
        "choices": make_choices(),
    }


def grow_takers(data: CourseData, scale: int) -> None:
    """Add people who handed in an attempt until there are `scale` times as many as at first."""
    there = User.objects.filter(email__startswith="taker-").count()
    people = make_people("taker", TAKERS * scale - there, first=there)
    enrolments = enrol_all(people, data, finished=4)
    _take(enrolments, data.course.assessment, is_open=False)


def _take(
    enrolments: Sequence[Enrolment], assessment: Assessment, *, is_open: bool
) -> list[Attempt]:
    """Write an attempt for each, in which every other answer is right."""
    bank = list(assessment.bank.order_by("pk"))
    attempts = Attempt.objects.bulk_create(
        [
            Attempt(
                enrolment=enrolment,
                assessment=assessment,
                number=1,
                pass_mark=75,
                started_at=NOW,
                out_of=DRAWN,
                submitted_at=None if is_open else NOW,
                right=None if is_open else DRAWN // 2,
                is_passed=None if is_open else enrolment.pk % 2 == 0,
            )
            for enrolment in enrolments
        ],
        batch_size=_BATCH,
    )
    AttemptQuestion.objects.bulk_create(
        [
            AttemptQuestion(
                attempt=attempt,
                question=(question := bank[(attempt.enrolment_id + n) % BANK]),
                revision_id=question.latest_revision_id or 0,
                position=n + 1,
                response={"choices": ["abcd"[(attempt.enrolment_id * n) % 4]]},
                saved_at=NOW,
                is_correct=None if is_open else (attempt.enrolment_id * n) % 4 == 0,
            )
            for attempt in attempts
            for n in range(DRAWN)
        ],
        batch_size=_BATCH,
    )
    return attempts
