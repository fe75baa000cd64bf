import datetime

import factory
from factory.django import DjangoModelFactory

from courses.enums import CpdKind, EvaluationKind
from courses.models import (
    CpdEntry,
    CpdFile,
    EvaluationForm,
    EvaluationQuestion,
    Reflection,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, EnrolmentFactory


class CpdEntryFactory(DjangoModelFactory):
    """A seminar of an hour and a half in October 2026."""

    class Meta:
        model = CpdEntry

    user = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Seminar {n}")
    kind = CpdKind.EVENT
    provider = "The county"
    starts_on = datetime.date(2026, 10, 6)
    ends_on = factory.SelfAttribute("starts_on")
    minutes = 90


class CpdFileFactory(DjangoModelFactory):
    class Meta:
        model = CpdFile

    user = factory.SubFactory(UserFactory)
    asked_at = NOW
    due_at = NOW
    expires_at = NOW + datetime.timedelta(days=1)


class EvaluationFormFactory(DjangoModelFactory):
    """The form of every course, with nothing asked, unless told otherwise."""

    class Meta:
        model = EvaluationForm


class EvaluationQuestionFactory(DjangoModelFactory):
    class Meta:
        model = EvaluationQuestion

    form = factory.SubFactory(EvaluationFormFactory)
    kind = EvaluationKind.RATING
    text = factory.Sequence(lambda n: f"How good is part {n}?")
    sort_order = factory.Sequence(int)


class ReflectionFactory(DjangoModelFactory):
    class Meta:
        model = Reflection

    enrolment = factory.SubFactory(EnrolmentFactory)
    lesson = factory.LazyAttribute(
        lambda o: o.enrolment.version.version_lessons.order_by("position").first().lesson
    )
    block_id = factory.Sequence(lambda n: f"block-{n}")
    title = factory.Sequence(lambda n: f"Think {n}")
    prompt = "<p>What would you <b>say</b>?</p>"
    text = "I would wait."
    saved_at = NOW
