"""Lists of people brought in from a file: what it said, what was chosen, what came of each row."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import (
    WORKING_IMPORT,
    ImportState,
    InvitationChoice,
    LikenessChoice,
    RowOutcome,
    RowVerdict,
)
from accounts.models.joining import Invitation
from accounts.models.people import User
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

UNDO_WINDOW = datetime.timedelta(hours=24)
# What the file said is kept this long after the import can no longer be undone.
ROWS_KEPT_FOR = datetime.timedelta(days=7)


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    def visible_to(self, user: User) -> PeopleImportQuerySet:
        """Keep the imports that `user` began: a list of people is its sender's business."""
        return self.filter(started_by=user)

    def claimable(self, now: datetime.datetime, lease: datetime.timedelta) -> PeopleImportQuerySet:
        """Keep what a worker has to do and no living worker is at."""
        free = models.Q(claim=None) | models.Q(claimed_at__lt=now - lease)
        return self.filter(free, state__in=WORKING_IMPORT)


class PeopleImport(PublicIdModel, TimeStampedModel):
    """One file of people, from its upload to the day it can no longer be undone.

    The file itself is not kept: a long one waits in `file` until it is read. `mapping` says which
    column holds what, `constants` what is the same for every row, `words` what the words of the
    file mean here. `new_places` lists the organisations that it would make, `made` the ids of
    those, and of areas, that it did.
    """

    started_by = models.ForeignKey(
        User, models.PROTECT, related_name="people_imports", verbose_name=_("started by")
    )
    file_name = models.CharField(_("file"), max_length=120)
    remarks = models.JSONField(_("remarks"), default=list)
    header = models.JSONField(_("columns"), default=list)
    state = models.CharField(
        _("state"), max_length=12, choices=ImportState.choices, default=ImportState.READ
    )
    mapping = models.JSONField(_("meaning of the columns"), default=dict)
    constants = models.JSONField(_("the same for every row"), default=dict)
    words = models.JSONField(_("meaning of words"), default=dict)
    is_tidying = models.BooleanField(_("addresses put right"), default=False)
    is_all_or_nothing = models.BooleanField(_("all or nothing"), default=True)
    invitations = models.CharField(
        _("invitations"),
        max_length=4,
        choices=InvitationChoice.choices,
        default=InvitationChoice.HOLD,
    )
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    new_places = models.JSONField(_("organisations to be made"), default=list)
    refusal = models.TextField(_("why nothing was imported"), blank=True)
    made = models.JSONField(_("made"), default=dict)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    rows_purged_at = models.DateTimeField(_("rows removed"), null=True, blank=True)

    objects = PeopleImportQuerySet.as_manager()

    if TYPE_CHECKING:
        rows: RelatedManager[PeopleImportRow]
        file: PeopleImportFile

    class Meta:
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")
        indexes = [models.Index(fields=["state", "claimed_at"], name="people_import_to_do")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"

    def is_undoable(self, now: datetime.datetime) -> bool:
        """Say whether it is finished, and a day has not passed since."""
        return (
            self.state == ImportState.DONE
            and self.finished_at is not None
            and now < self.finished_at + UNDO_WINDOW
        )

    @property
    def undo_until(self) -> datetime.datetime | None:
        return self.finished_at + UNDO_WINDOW if self.finished_at else None

    @property
    def rows_kept_until(self) -> datetime.datetime:
        """When the words of the file go: they serve the preview, the undo, and questions after."""
        return (self.finished_at or self.updated_at) + UNDO_WINDOW + ROWS_KEPT_FOR


class PeopleImportFile(models.Model):
    """A long file that waits to be read: a worker reads and removes it in one transaction."""

    people_import = models.OneToOneField(
        PeopleImport, models.CASCADE, related_name="file", verbose_name=_("import")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return f"{self.people_import_id}"


class PeopleImportRow(models.Model):
    """One row of the file, the judgement on it, and what came of it.

    `number` is the one a spreadsheet shows. `problems` are {column, sentence}; `changes` are
    {field, old, new, is_kept}. `made` holds the ids of what the row
    created and the values that it replaced.
    """

    people_import = models.ForeignKey(
        PeopleImport, models.PROTECT, related_name="rows", verbose_name=_("import")
    )
    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(_("cells"), default=list)
    verdict = models.CharField(_("verdict"), max_length=8, choices=RowVerdict.choices, blank=True)
    problems = models.JSONField(_("problems"), default=list)
    changes = models.JSONField(_("changes"), default=list)
    has_other_name = models.BooleanField(_("the name differs"), default=False)
    has_untidy_address = models.BooleanField(_("the address has spaces"), default=False)
    takes_name = models.BooleanField(_("takes the name of the file"), default=False)
    likeness = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("possibly the same as"),
    )
    likeness_row = models.PositiveIntegerField(_("possibly the same as row"), null=True, blank=True)
    choice = models.CharField(_("choice"), max_length=9, choices=LikenessChoice.choices, blank=True)
    person = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=RowOutcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    made = models.JSONField(_("made"), default=dict)
    awaits_invitation = models.BooleanField(_("to be invited"), default=False)
    invitation = models.ForeignKey(
        Invitation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invitation"),
    )

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        indexes = [
            models.Index(
                fields=["people_import", "verdict", "number"], name="import_row_by_verdict"
            ),
            models.Index(
                fields=["people_import", "outcome", "number"], name="import_row_by_outcome"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["people_import", "number"],
                name="import_row_number_once",
                violation_error_message=_("This row has been read already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.people_import} · {self.number}"
