"""What a route asks for, rule by rule, and what other apps report about an enrolment."""

import datetime

import pytest

from courses.enums import CorrectionKind
from courses.models import Completion, CompletionWithdrawal, Correction, SessionCredit
from courses.queries import asks_for, rules_of, whats_left
from courses.services import (
    MinutesWrong,
    complete_if_due,
    record_evaluation,
    record_session_credit,
)
from courses.signals import completion_withdrawn
from notifications.models import Notice
from tests.factories.courses import (
    NOW,
    AssessmentFactory,
    CorrectionFactory,
    EnrolmentFactory,
    LessonProgressFactory,
    MarkedAttemptFactory,
    RouteFactory,
    SessionCreditFactory,
    make_course,
)

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=3)
PROGRAMME = "ask the people who run the course."


def on_route(*, lessons=1, finished=0, **rules):
    """Enrol somebody on an in-person route that asks for nothing but `rules`."""
    course = make_course(lessons=lessons)
    route = RouteFactory(
        version=course.latest_version,
        kind="in_person",
        **({"requires_lessons": False} | {f"requires_{name}": True for name in rules}),
    )
    enrolment = EnrolmentFactory(course=course, route=route)
    for step in course.latest_version.version_lessons.order_by("position")[:finished]:
        LessonProgressFactory(enrolment=enrolment, lesson=step.lesson, finished_at=NOW)
    return enrolment


def left(enrolment):
    return [item.sentence for item in whats_left(enrolment)]


def credit(enrolment, minutes, of_minutes=120, source="register-1", now=NOW):
    return record_session_credit(
        enrolment=enrolment,
        source=source,
        title="A day in Bristol",
        held_on=NOW.date(),
        minutes=minutes,
        of_minutes=of_minutes,
        now=now,
    )


class TestWhatIsLeft:
    def test_a_route_of_every_rule_names_each_in_turn(self):
        enrolment = on_route()
        route = enrolment.route
        for name in ("lessons", "assessment", "attendance", "evaluation"):
            setattr(route, f"requires_{name}", True)
        AssessmentFactory(course=enrolment.course)
        title = enrolment.version.version_lessons.get().lesson.title
        assert left(enrolment) == [
            f"Finish the lesson “{title}”.",
            "Pass the assessment.",
            "Attend a training session, for at least 80% of its time.",
            "Fill in the evaluation.",
        ]
        assert asks_for(route) == [
            "Finish every lesson",
            "Pass the assessment",
            "Attend a training session, for at least 80% of its time",
            "Fill in the evaluation",
        ]

    def test_the_assessment_is_passed_by_one_attempt_of_several(self):
        enrolment = on_route(assessment=True)
        AssessmentFactory(course=enrolment.course)
        MarkedAttemptFactory(enrolment=enrolment, right=2, is_passed=False)
        assert left(enrolment) == ["Pass the assessment."]
        MarkedAttemptFactory(enrolment=enrolment)
        MarkedAttemptFactory(enrolment=enrolment, right=2, is_passed=False)
        assert left(enrolment) == []

    def test_an_attempt_that_is_open_passes_nothing(self):
        enrolment = on_route(assessment=True)
        MarkedAttemptFactory(enrolment=enrolment, submitted_at=None, right=None, is_passed=None)
        assert left(enrolment) == ["Pass the assessment."]

    def test_an_assessment_that_is_not_there_is_said_to_be_so(self):
        enrolment = on_route(assessment=True)
        (item,) = whats_left(enrolment)
        assert item.sentence.endswith(PROGRAMME)
        assert item.url == ""

    @pytest.mark.parametrize(
        ("minutes", "of", "share", "missing"),
        [(96, 120, 80, 0), (95, 120, 80, 1), (0, 120, 80, 96), (59, 90, 66, 1), (60, 90, 66, 0)],
    )
    def test_a_session_counts_by_its_share_of_minutes(self, minutes, of, share, missing):
        enrolment = on_route(attendance=True)
        enrolment.route.attendance_share = share
        SessionCreditFactory(enrolment=enrolment, minutes=minutes, of_minutes=of)
        if not missing:
            assert left(enrolment) == []
        else:
            (sentence,) = left(enrolment)
            assert f"you were there for {minutes} of {of} minutes" in sentence
            assert f"so {missing} minutes are missing" in sentence

    def test_one_session_must_reach_it_and_the_nearest_is_named(self):
        enrolment = on_route(attendance=True)
        SessionCreditFactory(enrolment=enrolment, minutes=60, title="Half a day")
        SessionCreditFactory(enrolment=enrolment, minutes=90, title="Most of a day")
        (sentence,) = left(enrolment)
        assert "Most of a day" in sentence
        assert "6 minutes are missing" in sentence

    @pytest.mark.parametrize(
        ("rule", "kind"),
        [
            ("assessment", CorrectionKind.ASSESSMENT_PASSED),
            ("attendance", CorrectionKind.ATTENDANCE_COUNTED),
            ("evaluation", CorrectionKind.EVALUATION_WAIVED),
        ],
    )
    def test_a_correction_stands_in_until_it_is_taken_back(self, rule, kind):
        enrolment = on_route(**{rule: True})
        made = CorrectionFactory(enrolment=enrolment, kind=kind)
        assert left(enrolment) == []
        assert rules_of(enrolment)[0].correction == made
        CorrectionFactory(
            enrolment=enrolment, kind=CorrectionKind.TAKEN_BACK, detail={"correction": made.pk}
        )
        assert len(left(enrolment)) == 1

    def test_somebody_else_s_evidence_counts_for_nothing(self):
        enrolment = on_route(assessment=True, attendance=True)
        MarkedAttemptFactory()
        SessionCreditFactory()
        CorrectionFactory()
        assert len(left(enrolment)) == 2

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_one_query_for_lessons_however_many(self, count, django_assert_num_queries):
        enrolment = EnrolmentFactory(course=make_course(lessons=count))
        with django_assert_num_queries(1):
            assert len(whats_left(enrolment)) == count

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_five_queries_for_every_rule(self, count, django_assert_num_queries):
        enrolment = on_route(lessons=count, assessment=True, attendance=True, evaluation=True)
        enrolment.route.requires_lessons = True
        SessionCreditFactory.create_batch(count, enrolment=enrolment, minutes=1)
        with django_assert_num_queries(5):
            assert len(whats_left(enrolment)) == count + 3


@pytest.fixture
def withdrawn():
    heard = []

    def listen(completion, withdrawal, now, **kwargs):
        heard.append((completion, withdrawal, now))

    completion_withdrawn.connect(listen, weak=False)
    yield heard
    completion_withdrawn.disconnect(listen)


class TestSessions:
    def test_enough_of_a_session_completes_at_once(self):
        enrolment = on_route(attendance=True)
        credit(enrolment, 96)
        assert Completion.objects.get().enrolment == enrolment

    def test_too_little_is_kept_and_completes_nothing(self):
        enrolment = on_route(attendance=True)
        credit(enrolment, 95)
        assert SessionCredit.objects.get().minutes == 95
        assert not Completion.objects.exists()

    def test_told_again_it_is_one_row(self):
        enrolment = on_route(attendance=True)
        assert credit(enrolment, 120) == credit(enrolment, 110, now=LATER)
        assert SessionCredit.objects.get().minutes == 110
        assert Completion.objects.get().completed_at == NOW

    def test_lowered_it_withdraws_what_was_given_and_raised_it_gives_again(self, withdrawn):
        enrolment = on_route(attendance=True)
        credit(enrolment, 120)
        credit(enrolment, 60, now=LATER)
        first = Completion.objects.get()
        assert withdrawn == [(first, CompletionWithdrawal.objects.get(), LATER)]
        enrolment.refresh_from_db()
        assert (enrolment.completed_at, enrolment.withdrawn_at) == (None, None)
        assert not Completion.objects.standing().exists()
        correction = Correction.objects.get()
        assert correction.reason == "The register of “A day in Bristol” was corrected."
        assert Notice.objects.filter(kind="courses.record_changed").count() == 1
        credit(enrolment, 100, now=LATER)
        assert Completion.objects.standing().get().number == 2

    def test_lowered_it_withdraws_nothing_that_stands_on_another_session(self):
        enrolment = on_route(attendance=True)
        credit(enrolment, 120, source="one")
        credit(enrolment, 120, source="two")
        credit(enrolment, 0, source="one")
        assert Completion.objects.standing().exists()

    def test_where_the_course_is_taken_anew_only_the_completion_goes(self):
        enrolment = on_route(attendance=True)
        credit(enrolment, 120)
        EnrolmentFactory(user=enrolment.user, course=enrolment.course)
        credit(enrolment, 10, now=LATER)
        enrolment.refresh_from_db()
        assert enrolment.withdrawn_at == LATER
        assert not Completion.objects.standing().exists()

    def test_an_enrolment_that_was_withdrawn_keeps_it_and_completes_nothing(self):
        enrolment = on_route(attendance=True)
        enrolment.withdrawn_at = NOW
        enrolment.save()
        credit(enrolment, 120)
        assert SessionCredit.objects.exists()
        assert not Completion.objects.exists()

    @pytest.mark.parametrize(("minutes", "of"), [(121, 120), (-1, 120), (0, 0)])
    def test_minutes_nobody_can_attend_are_refused(self, minutes, of):
        with pytest.raises(MinutesWrong):
            credit(on_route(attendance=True), minutes, of)
        assert not SessionCredit.objects.exists()


class TestEvaluation:
    def test_it_completes_when_nothing_else_is_left(self):
        enrolment = on_route(evaluation=True)
        assert record_evaluation(enrolment=enrolment, now=NOW).enrolment == enrolment

    def test_the_first_time_counts(self):
        enrolment = on_route(evaluation=True, attendance=True)
        assert record_evaluation(enrolment=enrolment, now=NOW) is None
        assert record_evaluation(enrolment=enrolment, now=LATER) is None
        enrolment.refresh_from_db()
        assert enrolment.evaluated_at == NOW


def test_a_held_enrolment_does_not_complete_by_itself():
    enrolment = on_route(evaluation=True)
    enrolment.evaluated_at = NOW
    enrolment.save()
    kind = CorrectionKind.COMPLETION_WITHDRAWN
    CorrectionFactory(enrolment=enrolment, kind=kind, detail={"is_held": True})
    assert complete_if_due(enrolment=enrolment, now=NOW) is None
    assert left(enrolment)[0].endswith("what is to be done.")
    CorrectionFactory(enrolment=enrolment, kind=CorrectionKind.COMPLETION_ALLOWED)
    assert complete_if_due(enrolment=enrolment, now=NOW) is not None
