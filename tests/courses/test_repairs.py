"""Putting somebody's learning record right: each repair, its refusals, and what follows."""

import datetime
from types import SimpleNamespace

import pytest

from accounts.models import AuditEntry
from accounts.services import sentences_of
from courses.enums import CorrectionKind
from courses.models import Completion, CompletionWithdrawal, Correction, Enrolment, LessonProgress
from courses.queries import whats_left
from courses.services import (
    EnrolmentWithdrawn,
    FinishedStaysFinished,
    LessonNotYours,
    NothingNewer,
    RouteGone,
    RouteNotOffered,
    finish_lesson,
    move_up,
    repairs,
)
from courses.signals import completion_withdrawn
from notifications.models import Notice
from notifications.services import kind_for
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    NOW,
    AssessmentFactory,
    CorrectionFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
    MarkedAttemptFactory,
    RouteFactory,
    make_course,
    make_next_version,
)
from tests.races import run_at_once

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=3)


class Scene(SimpleNamespace):
    """Somebody under way in a course of one lesson, on a route that asks for `rules` besides."""

    def __init__(self, *rules, lessons=1):
        course = make_course(lessons=lessons)
        route = RouteFactory(
            version=course.latest_version,
            kind="blended",
            **{f"requires_{name}": True for name in rules},
        )
        AssessmentFactory(course=course)
        self.by = UserFactory()
        self.enrolment = EnrolmentFactory(course=course, route=route)
        self.course = course
        self.lesson = course.latest_version.version_lessons.order_by("position").first().lesson

    def do(self, service, reason="The register was lost.", now=LATER, **more):
        return service(enrolment=self.enrolment, reason=reason, by=self.by, now=now, **more)

    def finish(self):
        finish_lesson(enrolment=self.enrolment, lesson=self.lesson, now=NOW)
        self.enrolment.refresh_from_db()

    @property
    def standing(self):
        return Completion.objects.standing().filter(enrolment=self.enrolment).first()


def reloaded(scene):
    return Enrolment.objects.get(pk=scene.enrolment.pk)


# --- what every repair keeps ---


def test_a_repair_is_kept_audited_and_told():
    scene = Scene("attendance")
    scene.do(repairs.count_attendance, reason="  The register   was lost. ")
    correction = Correction.objects.get()
    assert (correction.kind, correction.made_by, correction.made_at) == (
        CorrectionKind.ATTENDANCE_COUNTED,
        scene.by,
        LATER,
    )
    assert correction.reason == "The register was lost."
    (line,) = AuditEntry.objects.filter(action__startswith="learning.")
    assert (line.actor, line.subject) == (scene.by, scene.enrolment.user)
    assert sentences_of([line]) == [
        f"{scene.by} counted a training session of “{scene.course.title}” as attended for "
        f"{scene.enrolment.user}."
    ]
    notice = Notice.objects.get(kind="courses.record_changed")
    assert notice.recipient == scene.enrolment.user
    said = kind_for(notice.kind).context(notice)
    assert said["what_happened"] == "The training session now counts as attended."
    assert not any("The register was lost." in text for text in said.values())


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("", repairs.ReasonMissing),
        ("  \n ", repairs.ReasonMissing),
        ("x" * 501, repairs.ReasonTooLong),
    ],
)
def test_without_a_reason_nothing_is_done(reason, refusal):
    scene = Scene("attendance")
    with pytest.raises(refusal):
        scene.do(repairs.count_attendance, reason=reason)
    assert not Correction.objects.exists()
    scene.do(repairs.count_attendance)


def test_nobody_puts_their_own_record_right():
    scene = Scene("attendance")
    somebody, scene.by = scene.by, scene.enrolment.user
    with pytest.raises(repairs.OwnRecord):
        scene.do(repairs.count_attendance)
    scene.by = somebody
    scene.do(repairs.count_attendance)


def test_a_withdrawn_enrolment_is_taken_up_again_first():
    scene = Scene("attendance")
    scene.do(repairs.withdraw_enrolment)
    with pytest.raises(EnrolmentWithdrawn):
        scene.do(repairs.count_attendance)
    scene.do(repairs.reinstate_enrolment)
    scene.do(repairs.count_attendance)


# --- single rules ---


class TestLessons:
    def test_the_last_one_completes_the_course(self):
        scene = Scene()
        repaired = scene.do(repairs.count_lesson, lesson=scene.lesson)
        assert repaired.settled.completion == scene.standing
        assert LessonProgress.objects.get().finished_at == LATER
        assert repaired.correction.lesson == scene.lesson

    def test_one_of_several_leaves_the_others(self):
        scene = Scene(lessons=2)
        LessonProgressFactory(enrolment=scene.enrolment, lesson=scene.lesson)
        assert scene.do(repairs.count_lesson, lesson=scene.lesson).settled.completion is None
        progress = LessonProgress.objects.get()
        assert (progress.started_at, progress.finished_at) == (NOW, LATER)
        assert len(whats_left(scene.enrolment)) == 1

    def test_finished_already(self):
        scene = Scene(lessons=2)
        scene.finish()
        with pytest.raises(repairs.MetAlready):
            scene.do(repairs.count_lesson, lesson=scene.lesson)

    @pytest.mark.parametrize("service", [repairs.count_lesson, repairs.reopen_lesson])
    def test_a_lesson_of_no_version_of_theirs(self, service):
        scene = Scene()
        with pytest.raises(LessonNotYours):
            scene.do(service, lesson=LessonFactory(course=scene.course))

    def test_opening_it_again_withdraws_the_completion_that_stood_on_it(self):
        scene = Scene()
        scene.finish()
        repaired = scene.do(repairs.reopen_lesson, lesson=scene.lesson)
        assert repaired.settled.withdrawn == Completion.objects.get()
        assert scene.standing is None
        assert LessonProgress.objects.get().finished_at is None
        assert Notice.objects.filter(kind="courses.record_changed").count() == 1
        finish_lesson(enrolment=scene.enrolment, lesson=scene.lesson, now=LATER)
        assert scene.standing.number == 2

    def test_what_is_not_finished_is_not_opened_again(self):
        scene = Scene()
        with pytest.raises(repairs.NotFinished):
            scene.do(repairs.reopen_lesson, lesson=scene.lesson)


RULES = [
    ("assessment", repairs.count_assessment, CorrectionKind.ASSESSMENT_PASSED),
    ("attendance", repairs.count_attendance, CorrectionKind.ATTENDANCE_COUNTED),
    ("evaluation", repairs.waive_evaluation, CorrectionKind.EVALUATION_WAIVED),
]


@pytest.mark.parametrize(("rule", "service", "kind"), RULES)
class TestRules:
    def test_it_completes_where_nothing_else_is_left(self, rule, service, kind):
        scene = Scene(rule)
        scene.finish()
        assert scene.standing is None
        assert scene.do(service).settled.completion == scene.standing
        assert Correction.objects.get().kind == kind

    def test_it_leaves_what_else_is_left(self, rule, service, kind):
        scene = Scene(rule)
        assert scene.do(service).settled.completion is None
        assert len(whats_left(scene.enrolment)) == 1

    def test_once_is_enough(self, rule, service, kind):
        scene = Scene(rule)
        scene.do(service)
        with pytest.raises(repairs.MetAlready):
            scene.do(service)

    def test_what_is_not_asked_for_is_not_met(self, rule, service, kind):
        with pytest.raises(repairs.NotAskedFor):
            Scene().do(service)

    def test_taken_back_it_has_to_be_done_after_all(self, rule, service, kind):
        scene = Scene(rule)
        scene.finish()
        made = scene.do(service).correction
        repaired = scene.do(repairs.take_back, correction_id=made.pk)
        assert repaired.settled.withdrawn == Completion.objects.get()
        assert len(whats_left(reloaded(scene))) == 1
        with pytest.raises(repairs.NothingToTakeBack):
            scene.do(repairs.take_back, correction_id=made.pk)


def test_a_correction_of_somebody_else_is_not_taken_back():
    with pytest.raises(repairs.NothingToTakeBack):
        Scene("attendance").do(repairs.take_back, correction_id=CorrectionFactory().pk)


def test_one_attempt_more_until_it_is_passed():
    scene = Scene("assessment")
    assert scene.do(repairs.allow_attempt).correction.kind == CorrectionKind.ATTEMPT_ALLOWED
    MarkedAttemptFactory(enrolment=scene.enrolment)
    with pytest.raises(repairs.MetAlready):
        scene.do(repairs.allow_attempt)


# --- the whole enrolment ---


class TestRoute:
    def test_all_that_was_done_is_kept_and_may_be_enough(self):
        scene = Scene("attendance")
        scene.finish()
        repaired = scene.do(repairs.change_route, route_kind="online")
        assert repaired.correction.detail == {"from": "blended", "to": "online"}
        assert scene.standing.route_kind == "online"

    def test_the_same_again(self):
        with pytest.raises(repairs.MetAlready):
            Scene().do(repairs.change_route, route_kind="blended")

    def test_one_that_the_version_does_not_have(self):
        with pytest.raises(RouteNotOffered):
            Scene().do(repairs.change_route, route_kind="in_person")

    def test_finished_stays_finished(self):
        scene = Scene()
        scene.finish()
        with pytest.raises(FinishedStaysFinished):
            scene.do(repairs.change_route, route_kind="online")


class TestMovingUp:
    def test_all_is_kept_and_the_new_lesson_is_left(self):
        scene = Scene(lessons=2)
        scene.finish()
        newer = make_next_version(scene.course)
        assert move_up(enrolment=scene.enrolment, now=LATER) is None
        moved = reloaded(scene)
        assert (moved.version, moved.route.kind) == (newer, "blended")
        assert len(whats_left(moved)) == 2
        correction = Correction.objects.get()
        assert correction.detail == {"from": 1, "to": 2}
        assert correction.made_by is None
        assert not Notice.objects.filter(kind="courses.record_changed").exists()

    def test_it_completes_where_the_new_version_asks_for_less(self):
        scene = Scene(lessons=2)
        scene.finish()
        make_next_version(scene.course, keep=1, add=0)
        assert move_up(enrolment=scene.enrolment, now=LATER).version_number == 2

    @pytest.mark.django_db(transaction=True)
    def test_in_two_tabs_it_is_one_move(self):
        scene = Scene(lessons=2)
        make_next_version(scene.course)

        def move():
            try:
                return move_up(enrolment=scene.enrolment, now=LATER)
            except NothingNewer:
                return "refused"

        assert sorted(map(str, run_at_once(move, move))) == ["None", "refused"]
        assert Correction.objects.count() == 1

    def test_there_is_nothing_newer(self):
        with pytest.raises(NothingNewer):
            move_up(enrolment=Scene().enrolment, now=LATER)

    def test_finished_stays_finished(self):
        scene = Scene()
        scene.finish()
        make_next_version(scene.course)
        with pytest.raises(FinishedStaysFinished):
            move_up(enrolment=scene.enrolment, now=LATER)

    def test_nobody_moves_who_was_withdrawn(self):
        scene = Scene()
        make_next_version(scene.course)
        scene.do(repairs.withdraw_enrolment)
        with pytest.raises(EnrolmentWithdrawn):
            move_up(enrolment=scene.enrolment, now=LATER)

    def test_without_a_route_of_the_same_kind_they_stay(self):
        scene = Scene()
        newer = make_next_version(scene.course)
        newer.routes.filter(kind="blended").delete()
        with pytest.raises(RouteGone):
            move_up(enrolment=scene.enrolment, now=LATER)
        assert reloaded(scene).version.number == 1

    def test_staff_may_do_it_for_them(self):
        scene = Scene()
        make_next_version(scene.course)
        scene.do(repairs.move_up_for)
        assert reloaded(scene).version.number == 2
        assert Notice.objects.filter(kind="courses.record_changed").exists()


class TestWithdrawing:
    def test_it_ends_and_all_is_kept(self):
        scene = Scene(lessons=2)
        scene.finish()
        scene.do(repairs.withdraw_enrolment)
        assert reloaded(scene).withdrawn_at == LATER
        assert LessonProgress.objects.exists()

    def test_what_is_completed_is_not_withdrawn(self):
        scene = Scene()
        scene.finish()
        with pytest.raises(FinishedStaysFinished):
            scene.do(repairs.withdraw_enrolment)

    def test_taken_up_again_it_goes_on(self):
        scene = Scene()
        scene.do(repairs.withdraw_enrolment)
        scene.do(repairs.reinstate_enrolment)
        assert reloaded(scene).withdrawn_at is None
        with pytest.raises(repairs.NotWithdrawn):
            scene.do(repairs.reinstate_enrolment)

    def test_not_beside_another_one(self):
        scene = Scene()
        scene.do(repairs.withdraw_enrolment)
        other = EnrolmentFactory(user=scene.enrolment.user, course=scene.course)
        with pytest.raises(repairs.TakingItAnew):
            scene.do(repairs.reinstate_enrolment)
        other.delete()
        scene.do(repairs.reinstate_enrolment)


class TestWithdrawingACompletion:
    def test_it_stays_beside_its_withdrawal_and_the_course_is_held(self):
        scene = Scene()
        scene.finish()
        heard = []

        def listen(completion, withdrawal, now, **kwargs):
            heard.append((completion, withdrawal, now))

        completion_withdrawn.connect(listen)
        try:
            scene.do(repairs.withdraw_completion)
        finally:
            completion_withdrawn.disconnect(listen)
        withdrawal = CompletionWithdrawal.objects.get()
        assert heard == [(Completion.objects.get(), withdrawal, LATER)]
        assert (withdrawal.withdrawn_by, withdrawal.withdrawn_at) == (scene.by, LATER)
        assert reloaded(scene).completed_at is None
        assert finish_lesson(enrolment=scene.enrolment, lesson=scene.lesson, now=LATER) is None
        assert AuditEntry.objects.filter(action="learning.completion_withdrawn").count() == 1

    def test_allowed_again_it_completes_anew(self):
        scene = Scene()
        scene.finish()
        scene.do(repairs.withdraw_completion)
        scene.do(repairs.allow_completion)
        assert scene.standing.number == 2
        with pytest.raises(repairs.NotAskedFor):
            scene.do(repairs.allow_completion)

    def test_a_lesson_opened_again_ends_the_hold(self):
        scene = Scene()
        scene.finish()
        scene.do(repairs.withdraw_completion)
        scene.do(repairs.reopen_lesson, lesson=scene.lesson)
        assert finish_lesson(enrolment=scene.enrolment, lesson=scene.lesson, now=LATER).number == 2

    def test_without_one_there_is_nothing_to_withdraw(self):
        with pytest.raises(repairs.NotCompleted):
            Scene().do(repairs.withdraw_completion)

    def test_if_a_receiver_fails_the_completion_stands(self):
        def fail(**kwargs):
            raise RuntimeError("no revoking")

        scene = Scene()
        scene.finish()
        completion_withdrawn.connect(fail)
        try:
            with pytest.raises(RuntimeError):
                scene.do(repairs.withdraw_completion)
        finally:
            completion_withdrawn.disconnect(fail)
        assert scene.standing is not None
        assert reloaded(scene).completed_at == NOW

    @pytest.mark.django_db(transaction=True)
    def test_two_who_withdraw_it_at_once_do_so_once(self):
        scene = Scene()
        scene.finish()

        def once():
            try:
                scene.do(repairs.withdraw_completion)
            except repairs.NotCompleted:
                return "refused"
            return "done"

        assert sorted(run_at_once(once, once)) == ["done", "refused"]
        assert CompletionWithdrawal.objects.count() == 1


# --- said before it is done ---


class TestForeseeing:
    def see(self, scene, service, **more):
        return repairs.foresee(lambda: scene.do(service, **more), scene.enrolment)

    def test_what_would_complete(self):
        scene = Scene()
        foreseen = self.see(scene, repairs.count_lesson, lesson=scene.lesson)
        assert foreseen.sentences[0] == "This completes the course and gives a certificate."
        assert foreseen.left == []

    def test_what_would_withdraw(self):
        scene = Scene()
        scene.finish()
        foreseen = self.see(scene, repairs.reopen_lesson, lesson=scene.lesson)
        assert foreseen.sentences[0].startswith("This withdraws the completion.")
        assert len(foreseen.left) == 1
        assert scene.standing is not None

    def test_nothing_of_it_stays(self):
        scene = Scene("attendance")
        self.see(scene, repairs.count_attendance)
        assert not Correction.objects.exists()
        assert not Notice.objects.exists()
        assert not AuditEntry.objects.filter(action__startswith="learning.").exists()

    def test_a_refusal_is_told(self):
        with pytest.raises(repairs.NotAskedFor):
            self.see(Scene(), repairs.count_attendance)
