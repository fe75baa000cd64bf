"""What people, and addresses without an account, want to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.core.models import TimeStampedModel
from notifications.enums import MessageChoice


class Preference(TimeStampedModel):
    """How one person wants one kind of message. Without a row they get it by e-mail, at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="message_preferences",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=80)
    choice = models.CharField(_("choice"), max_length=8, choices=MessageChoice.choices)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        # Nobody sets another person's.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="preference_once",
                violation_error_message=_("There is one choice for a kind of message."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}: {self.choice}"


class Unsubscription(models.Model):
    """An address, of nobody with an account, that wants no more messages of a kind.

    The address is kept as it is written, in small letters: the notices it must stop carry it too.
    """

    address = models.EmailField(_("address"), max_length=254)
    kind = models.CharField(_("kind"), max_length=80)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("unsubscription")
        verbose_name_plural = _("unsubscriptions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["address", "kind"],
                name="unsubscription_once",
                violation_error_message=_("This address has unsubscribed already."),
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")),
                name="unsubscription_in_small_letters",
                violation_error_message=_("Write the address in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.kind}"
