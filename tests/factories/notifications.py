import factory
from factory.django import DjangoModelFactory

from notifications.enums import BounceKind, BounceSource, MessageChoice, NoticeState
from notifications.models import Bounce, MessageSettings, Notice, Preference, Unsubscription
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW


class NoticeFactory(DjangoModelFactory):
    """A notice that is due now, of a kind the test names."""

    class Meta:
        model = Notice

    dedupe_key = factory.Sequence(lambda n: f"notice-{n}")
    kind = "tests.greeting"
    recipient = factory.SubFactory(UserFactory)
    address = factory.SelfAttribute("recipient.email")
    due_at = NOW


class MessageFactory(NoticeFactory):
    """A notice that was sent, among its recipient's messages."""

    state = NoticeState.SENT
    sent_at = NOW
    posted_at = NOW
    subject = factory.Sequence(lambda n: f"Message {n}")
    body = "Dear Somebody\n\nThis is what we tell you."


class PreferenceFactory(DjangoModelFactory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)
    kind = "tests.greeting"
    choice = MessageChoice.DIGEST


class UnsubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = Unsubscription

    address = factory.Sequence(lambda n: f"referee{n}@example.org")
    kind = "tests.greeting"
    created_at = NOW


class MessageSettingsFactory(DjangoModelFactory):
    class Meta:
        model = MessageSettings


class BounceFactory(DjangoModelFactory):
    """A message that its address refused for good."""

    class Meta:
        model = Bounce

    notice = factory.SubFactory(
        NoticeFactory, state=NoticeState.RETURNED, sent_at=NOW, last_error="Reported"
    )
    address = factory.LazyAttribute(lambda bounce: bounce.notice.address.lower())
    kind = BounceKind.HARD
    source = BounceSource.REPORT
    status = "5.1.1"
    report = factory.Sequence(lambda n: f"report-{n}")
    at = NOW
