"""The evaluation of a course: opened at the end, kept page by page, sent once, tied to nobody."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import Role
from accounts.services import sync_groups
from courses.enums import CorrectionKind, EvaluationKind
from courses.models import (
    Completion,
    Correction,
    Enrolment,
    EvaluationAnswer,
    EvaluationDraft,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationReply,
    EvaluationWording,
    LessonProgress,
)
from courses.queries import whats_left
from courses.queries.evaluating import before_evaluation, evaluation_of, form_for
from courses.services import finish_lesson
from courses.services.evaluating import (
    EvaluationIncomplete,
    EvaluationNotOpen,
    EvaluationQuestionGone,
    EvaluationRefused,
    EvaluationSent,
    hand_in_evaluation,
    keep_evaluation_answer,
    set_up_evaluation,
)
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.courses import NOW, EnrolmentFactory, make_course
from tests.factories.cpd import EvaluationFormFactory, EvaluationQuestionFactory
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(days=1)


class Learner:
    """Somebody with all lessons of a course done, on a route that asks for the evaluation."""

    def __init__(self, *, asks=True, done=True, course=None):
        self.course = course or make_course(lessons=2)
        route = self.course.latest_version.routes.get()
        route.requires_evaluation = asks
        route.save()
        self.enrolment = EnrolmentFactory(course=self.course)
        self.client = Client()
        self.client.force_login(self.enrolment.user)
        for step in self.course.latest_version.version_lessons.all() if done else ():
            LessonProgress.objects.create(
                enrolment=self.enrolment, lesson=step.lesson, started_at=NOW, finished_at=NOW
            )
        if done and not asks:
            self.enrolment.completed_at = NOW
            self.enrolment.save()

    def keep(self, question, **given):
        key = getattr(question, "key", question)
        return keep_evaluation_answer(enrolment=self.enrolment, question=key, given=given, now=NOW)

    def send(self, now=NOW):
        return hand_in_evaluation(enrolment=self.enrolment, now=now)

    def url(self, name="evaluation", *more):
        return reverse(f"courses:{name}", args=[self.course.slug, *more])

    @property
    def draft(self):
        return EvaluationDraft.objects.filter(enrolment=self.enrolment).first()


@pytest.fixture
def form():
    return EvaluationFormFactory()


@pytest.fixture
def rating(form):
    return EvaluationQuestionFactory(form=form, is_required=True)


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


class TestWhenItIsOpen:
    def test_lessons_come_first(self, rating):
        learner = Learner(done=False)
        assert len(before_evaluation(learner.enrolment)) == 2
        with pytest.raises(EvaluationNotOpen):
            learner.keep(rating, value="4")
        with pytest.raises(EvaluationNotOpen):
            learner.send()
        assert learner.draft is None

    def test_a_session_whose_register_is_open_does_not_come_first(self, rating):
        learner = Learner()
        learner.enrolment.route.requires_attendance = True
        learner.enrolment.route.save()
        learner.keep(rating, value="4")
        assert learner.send() is None  # kept, and the session is still to come
        learner.enrolment.refresh_from_db()
        assert [x.group for x in whats_left(learner.enrolment)] == ["Training session"]

    def test_a_route_that_does_not_ask_offers_it_when_the_course_is_completed(self, rating):
        under_way = Learner(asks=False, done=False)
        with pytest.raises(EvaluationNotOpen):
            under_way.keep(rating, value="4")
        completed = Learner(asks=False)
        completed.keep(rating, value="4")
        completed.send()
        assert EvaluationReply.objects.get().course == completed.course

    def test_not_to_somebody_who_withdrew(self, rating):
        learner = Learner()
        learner.enrolment.withdrawn_at = NOW
        learner.enrolment.save()
        with pytest.raises(EvaluationNotOpen):
            learner.send()


class TestKeeping:
    def test_it_is_found_again_and_the_last_one_counts(self, rating, form):
        learner, words = Learner(), EvaluationQuestionFactory(form=form, kind=EvaluationKind.TEXT)
        learner.keep(rating, value="2")
        learner.keep(rating, value="4")
        learner.keep(words, text="  Two\r\nlines ")
        evaluation = evaluation_of(learner.enrolment)
        assert evaluation.of(evaluation.step(rating.key)) == {"value": "4"}
        assert evaluation.of(evaluation.step(words.key)) == {"text": "Two\nlines"}
        assert evaluation.answered == 2

    @pytest.mark.parametrize("given", [{"value": "6"}, {"value": "0"}, {"value": "x" * 300}])
    def test_what_was_never_offered_is_refused(self, rating, given):
        learner = Learner()
        with pytest.raises(EvaluationRefused):
            learner.keep(rating, **given)
        assert learner.draft is None

    @pytest.mark.parametrize("given", ["x" * 2001, "a\x00b"])
    def test_a_comment_that_cannot_be_kept_is_refused(self, form, given):
        words = EvaluationQuestionFactory(form=form, kind=EvaluationKind.TEXT)
        with pytest.raises(EvaluationRefused):
            Learner().keep(words, text=given)
        Learner().keep(words, text="x" * 2000)

    def test_a_question_that_is_gone(self, rating):
        with pytest.raises(EvaluationQuestionGone):
            Learner().keep(uuid.uuid4(), value="4")

    def test_what_an_editor_no_longer_offers_has_to_be_answered_again(self, form):
        pace = EvaluationQuestionFactory(
            form=form, kind=EvaluationKind.CHOICE, choices="Slow\nFast", is_required=True
        )
        learner = Learner()
        learner.keep(pace, value="Slow")
        pace.choices = "Too slow\nToo fast"
        pace.save()
        with pytest.raises(EvaluationIncomplete):
            learner.send()


class TestSending:
    def test_the_rule_is_met_and_the_course_completed_at_once(self, rating):
        learner = Learner()
        assert whats_left(learner.enrolment)[0].url == learner.url()
        learner.keep(rating, value="4")
        completion = learner.send()
        assert completion == Completion.objects.get(enrolment=learner.enrolment)
        learner.enrolment.refresh_from_db()
        assert learner.enrolment.evaluated_at == NOW
        assert learner.draft is None

    def test_sent_twice_counts_once(self, rating):
        learner = Learner()
        learner.keep(rating, value="4")
        completion = learner.send()
        assert learner.send(LATER) == completion
        assert EvaluationReply.objects.count() == 1
        with pytest.raises(EvaluationSent):
            learner.keep(rating, value="1")
        learner.enrolment.refresh_from_db()
        assert learner.enrolment.evaluated_at == NOW

    def test_what_must_be_answered_must(self, rating):
        learner = Learner()
        with pytest.raises(EvaluationIncomplete):
            learner.send()
        assert not EvaluationReply.objects.exists()
        learner.keep(rating, value="-")  # I would rather not say
        learner.send()
        assert EvaluationReply.objects.count() == 1
        assert not EvaluationAnswer.objects.exists()

    def test_every_kind_of_answer(self, form):
        confidence = EvaluationQuestionFactory(form=form, kind=EvaluationKind.CONFIDENCE)
        pace = EvaluationQuestionFactory(form=form, kind=EvaluationKind.CHOICE, choices="A\nB\n")
        words = EvaluationQuestionFactory(form=form, kind=EvaluationKind.TEXT)
        learner = Learner()
        given = {"now-one": "5", "then-one": "2", "now-two": "-", "then-two": "3"}
        learner.keep(confidence, **given)
        learner.keep(pace, value="B")
        learner.keep(words, text="Shorter.")
        learner.send()
        found = {
            (x.wording.kind, x.wording.outcome): (x.value, x.before, x.text)
            for x in EvaluationAnswer.objects.select_related("wording")
        }
        assert found == {
            ("confidence", "Say one thing"): (5, 2, ""),
            ("confidence", "Do another"): (None, 3, ""),
            ("choice", ""): (1, None, ""),
            ("text", ""): (None, None, "Shorter."),
        }

    def test_a_wording_is_kept_once_and_another_wording_by_itself(self, rating):
        course = make_course()
        for words in ("How good?", "How good?", "How useful?"):
            rating.text = words
            rating.save()
            learner = Learner(course=course)
            learner.keep(rating, value="3")
            learner.send()
        assert sorted(EvaluationWording.objects.values_list("text", flat=True)) == [
            "How good?",
            "How useful?",
        ]

    def test_deleting_a_question_keeps_what_was_said(self, rating):
        learner = Learner()
        learner.keep(rating, value="3")
        learner.send()
        rating.delete()
        assert EvaluationAnswer.objects.get().wording.text

    def test_an_editor_s_test_leaves_no_reply(self, rating):
        learner = Learner()
        learner.enrolment.is_test = True
        learner.enrolment.save()
        learner.keep(rating, value="3")
        assert learner.send() is None
        assert not EvaluationReply.objects.exists()
        learner.enrolment.refresh_from_db()
        assert learner.enrolment.evaluated_at == NOW

    def test_a_rule_that_was_waived_leaves_it_open_to_those_who_want(self, rating):
        learner = Learner()
        Correction.objects.create(
            enrolment=learner.enrolment,
            kind=CorrectionKind.EVALUATION_WAIVED,
            reason="Long ago.",
            made_by=UserFactory(),
            made_at=NOW,
        )
        assert not whats_left(learner.enrolment)
        learner.keep(rating, value="3")
        assert learner.send()

    def test_a_refresher_is_evaluated_by_itself(self, rating):
        learner = Learner()
        learner.keep(rating, value="3")
        learner.send()
        again = EnrolmentFactory(course=learner.course, user=learner.enrolment.user)
        assert again.evaluated_at is None
        assert not evaluation_of(again).is_begun


def test_nothing_leads_from_a_reply_to_a_person(rating):
    """By structure: no key of these tables reaches a person, and none of theirs these."""
    kept_apart = {EvaluationReply, EvaluationAnswer, EvaluationWording}
    personal = {apps.get_model("accounts.User"), Enrolment, Completion}
    for model in kept_apart:
        for field in model._meta.get_fields(include_hidden=True):
            assert field.related_model not in personal, field
    names = {x.name for x in EvaluationReply._meta.concrete_fields}
    assert names == {"id", "course", "stage", "month"}
    learner = Learner()
    learner.keep(rating, value="3")
    learner.send()
    assert EvaluationReply.objects.get().month == datetime.date(2026, 11, 1)


class TestForms:
    def test_a_course_has_its_own_or_that_of_every_course(self, form):
        mine, other = make_course(), make_course()
        own = EvaluationFormFactory(course=mine)
        assert form_for(mine, "end") == own
        assert form_for(other, "end") == form

    def test_the_site_is_given_one_and_one_there_is_left(self):
        form = set_up_evaluation()
        assert form.questions.count() == 7
        for question in form.questions.all():
            question.full_clean()
        form.questions.first().delete()
        assert set_up_evaluation() == form
        assert form.questions.count() == 6

    def test_no_form_stops_nobody(self):
        learner = Learner()
        assert learner.send()

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"kind": "choice", "choices": "One"}, "choices"),
            ({"kind": "choice", "choices": "One\nOne\n"}, "choices"),
            ({"kind": "choice", "choices": f"One\n{'x' * 121}"}, "choices"),
            ({"kind": "text", "is_required": True}, "is_required"),
        ],
    )
    def test_questions_that_cannot_be(self, form, fields, wrong):
        with pytest.raises(ValidationError) as refusal:
            EvaluationQuestion(form=form, text="Which?", **fields).full_clean()
        assert set(refusal.value.error_dict) == {wrong}
        EvaluationQuestion(form=form, text="Which?", kind="choice", choices="A\nB").full_clean()

    def test_the_form_of_every_course_is_not_deleted(self, form):
        make_site()
        own = EvaluationFormFactory(course=make_course())
        client = Client()
        client.force_login(UserFactory(is_superuser=True))
        for one in (form, own):
            url = reverse("wagtailsnippets_courses_evaluationform:delete", args=[one.pk])
            client.post(url)
        assert list(EvaluationForm.objects.all()) == [form]

    def test_an_editor_changes_the_questions(self, rating):
        make_site()
        client = Client()
        editor = RoleGrantFactory(role=Role.EDITOR).user
        sync_groups(on=NOW.date())
        client.force_login(editor)
        url = reverse("wagtailsnippets_courses_evaluationform:edit", args=[rating.form_id])
        page = client.get(url)
        assert page.status_code == 200
        data = {
            "course": "",
            "introduction": "Hello",
            "questions-TOTAL_FORMS": "1",
            "questions-INITIAL_FORMS": "1",
            "questions-MIN_NUM_FORMS": "1",
            "questions-MAX_NUM_FORMS": "20",
            "questions-0-id": str(rating.pk),
            "questions-0-kind": "rating",
            "questions-0-text": "How helpful?",
            "questions-0-ORDER": "1",
        }
        assert client.post(url, data).status_code == 302
        key = rating.key
        rating.refresh_from_db()
        assert (rating.text, rating.key) == ("How helpful?", key)


class TestPages:
    def test_the_way_from_the_course_through_two_devices_to_completion(self, form, rating):
        pace = EvaluationQuestionFactory(form=form, kind=EvaluationKind.CHOICE, choices="A\nB")
        learner = Learner()
        start = learner.client.get(learner.url())
        assert "Who sees what" in text(start)
        question = learner.url("evaluation-question", rating.key)
        assert f'href="{question}"' in start.content.decode()
        stopped = learner.client.post(question, {"value": "4", "go": "stop"})
        assert stopped.url == learner.course.get_absolute_url()
        phone = Client()
        phone.force_login(learner.enrolment.user)
        kept = phone.get(question).content.decode()
        assert 'value="4" checked' in kept
        on = phone.post(question, {"value": "5", "go": "on"})
        assert on.url == learner.url("evaluation-question", pace.key)
        assert phone.post(on.url, {"go": "on"}).url == learner.url()
        assert "1 of 2 answered" in text(phone.get(learner.url()))
        sent = phone.post(learner.url())
        assert sent.url == learner.url("completed")
        assert EvaluationAnswer.objects.get().value == 5
        assert "Thank you" in text(phone.get(learner.url()))

    def test_what_must_be_answered_is_asked_for_and_what_is_there_is_kept(self, form):
        confidence = EvaluationQuestionFactory(
            form=form, kind=EvaluationKind.CONFIDENCE, is_required=True
        )
        learner = Learner()
        url = learner.url("evaluation-question", confidence.key)
        refused = learner.client.post(url, {"now-one": "4", "go": "on"})
        assert refused.status_code == 422
        assert "Say one thing: choose how confident you were before." in text(refused)
        assert refused.content.decode().count("govuk-error-message") == 3
        assert learner.draft.answers[str(confidence.key)] == {"now-one": "4"}
        assert learner.client.post(url, {"now-one": "4", "go": "list"}).status_code == 302

    @pytest.mark.parametrize("given", [{"value": "9"}, {"value": "4\x00"}])
    def test_bad_input_is_refused(self, rating, given):
        learner = Learner()
        url = learner.url("evaluation-question", rating.key)
        assert learner.client.post(url, {**given, "go": "on"}).status_code == 422
        assert learner.draft is None

    def test_too_long_a_comment_stays_as_it_was_typed(self, form):
        words = EvaluationQuestionFactory(form=form, kind=EvaluationKind.TEXT)
        learner = Learner()
        url = learner.url("evaluation-question", words.key)
        refused = learner.client.post(url, {"text": "y" * 2001, "go": "on"})
        assert refused.status_code == 422
        assert "y" * 2001 in refused.content.decode()

    def test_sending_too_early(self, rating):
        learner = Learner()
        refused = learner.client.post(learner.url())
        assert refused.status_code == 422
        assert "still need an answer" in text(refused)

    def test_before_the_lessons_are_done(self, rating):
        learner = Learner(done=False)
        assert "The evaluation comes at the end" in text(learner.client.get(learner.url()))
        question = learner.url("evaluation-question", rating.key)
        assert learner.client.get(question).url == learner.url()
        assert learner.client.post(question, {"value": "4"}).url == learner.url()
        assert learner.client.post(learner.url()).url == learner.url()
        assert learner.draft is None

    def test_a_question_that_is_gone_leads_back(self, rating):
        learner = Learner()
        assert (
            learner.client.get(learner.url("evaluation-question", uuid.uuid4())).status_code == 302
        )

    def test_finishing_the_last_lesson_leads_on_to_it(self, rating):
        learner = Learner(done=False)
        for step in learner.course.latest_version.version_lessons.all():
            LessonProgress.objects.create(
                enrolment=learner.enrolment, lesson=step.lesson, started_at=NOW
            )
            finish_lesson(enrolment=learner.enrolment, lesson=step.lesson, now=NOW)
        assert not Completion.objects.exists()
        page = learner.client.get(learner.course.get_absolute_url()).content.decode()
        assert f'href="{learner.url()}"' in page

    @pytest.mark.parametrize("questions", [1, 3, 30])
    def test_the_page_takes_as_many_queries_however_many_questions(
        self, form, questions, django_assert_num_queries
    ):
        for _n in range(questions):
            EvaluationQuestionFactory(form=form)
        learner = Learner()
        with django_assert_num_queries(4):
            evaluation_of(learner.enrolment)
