import factory
from factory.django import DjangoModelFactory

from notifications.models import Notice
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
