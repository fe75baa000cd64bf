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
    SHORT = "short", _("Short answer")
    SCENARIO = "scenario", _("Scenario")


# A scenario is answered like a question, but nothing in it is right or wrong to the machine.
KNOWLEDGE_CHECKS = (
    QuestionKind.SINGLE,
    QuestionKind.SEVERAL,
    QuestionKind.TRUE_FALSE,
    QuestionKind.ORDER,
    QuestionKind.SHORT,
)
CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.TRUE_FALSE)


class Verdict(TextChoices):
    """What a choice in a scenario leads to, in words a learner is shown."""

    GOOD = "good", _("A good step")
    PARTLY = "partly", _("Part of the answer")
    POOR = "poor", _("Likely to make things harder")
