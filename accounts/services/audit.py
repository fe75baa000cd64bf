"""The audit trail: writing a line, saying it in words, and removing what is over its time."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User

# Words that a sentence needs besides the names of people, for many records at once: id → words.
Words = Callable[[list[str]], Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class ActionKind:
    """How the lines of one action read. See `register_action`."""

    code: str
    sentence: str | Promise
    words: Words | None = None

    @property
    def label(self) -> str:
        """Name the action without its people and records: 'Somebody gave somebody the role …'."""
        named = {"actor": _("Somebody"), "subject": _("somebody")}
        return (str(self.sentence) % defaultdict(lambda: "…", named)).rstrip(".")


class UnknownAction(LookupError):
    """No app has said how this action reads."""


_actions: dict[str, ActionKind] = {}


def register_action(code: str, sentence: str | Promise, words: Words | None = None) -> None:
    """Say how the audit lines of an action read; each app does so from `AppConfig.ready`.

    `sentence` may name %(actor)s, %(subject)s (the person the record belongs to), %(count)s, and
    whatever `words` gives for the ids of the records: one query for a page of them.

    Raises: ValueError when the action reads otherwise already.
    """
    kind = ActionKind(code, sentence, words)
    if _actions.setdefault(code, kind).sentence != sentence:
        raise ValueError(f"The action {code!r} has two sentences.")


def actions_known() -> list[ActionKind]:
    """List the actions that have a sentence, by code."""
    return [_actions[code] for code in sorted(_actions)]


def record_audit(
    *,
    actor: User | None,
    action: str,
    target: models.Model | type[models.Model],
    now: datetime.datetime,
    fields: Iterable[str] = (),
    count: int | None = None,
) -> AuditEntry:
    """Write one line of the audit trail, in the caller's transaction.

    `actor` is None when the system did it; `fields` are names of fields, never their content.
    `target` is the record, or its class where the line is about `count` of them. The person it is
    about is found by itself: the record, or its field `user`.
    """
    record = target if isinstance(target, models.Model) else None
    return AuditEntry.objects.create(
        actor=actor,
        subject_id=_person_behind(record) if record else None,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(record.pk) if record else "",
        fields=sorted(fields),
        count=count,
        at=now,
    )


def record_audit_of_many(
    *,
    actor: User | None,
    action: str,
    targets: Sequence[models.Model],
    now: datetime.datetime,
    fields: Iterable[str] = (),
) -> None:
    """Write one line of the audit trail for each of `targets`, as `record_audit` does for one.

    For an import, whose undo takes people away again: a line names the record and holds no key to
    the person, which would keep them here.
    """
    names = sorted(fields)
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=actor,
                action=action,
                target_type=target._meta.label_lower,
                target_id=str(target.pk),
                fields=names,
                at=now,
            )
            for target in targets
        ],
        batch_size=500,
    )


def _person_behind(target: models.Model) -> int | None:
    if isinstance(target, User):
        return target.pk
    person = getattr(target, "user_id", None)
    return person if isinstance(person, int) else None


def sentences_of(entries: Iterable[AuditEntry]) -> list[str]:
    """Say what each of `entries` tells, in their order, in words a person can read.

    Load `actor` and `subject` with them. One query more for each action whose sentence has words.
    An action nobody has a sentence for is shown by its code.
    """
    entries = list(entries)
    ids: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        ids[entry.action].append(entry.target_id)
    words = {
        action: kind.words(sorted(set(found)))
        for action, found in ids.items()
        if (kind := _actions.get(action)) and kind.words
    }
    return [_sentence(entry, words.get(entry.action, {})) for entry in entries]


def _sentence(entry: AuditEntry, words: Mapping[str, Mapping[str, str]]) -> str:
    kind = _actions.get(entry.action)
    sentence = str(kind.sentence) if kind else "%(actor)s: %(action)s"
    # A record may be gone, and its words with it; the line itself stays.
    values: dict[str, str] = defaultdict(lambda: "…", words.get(entry.target_id, {}))
    values["actor"] = str(entry.actor) if entry.actor else _("The site")
    values["subject"] = str(entry.subject) if entry.subject else _("somebody")
    values["action"] = entry.action
    values["count"] = str(entry.count or 0)
    return sentence % values


@transaction.atomic
def note_audit_read(*, reader: User, now: datetime.datetime) -> bool:
    """Leave a line that `reader` looked at the audit trail, once a day; say whether it is new."""
    User.objects.select_for_update().get(pk=reader.pk)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if AuditEntry.objects.filter(actor=reader, action="audit.read", at__gte=today).exists():
        return False
    record_audit(actor=reader, action="audit.read", target=AuditEntry, now=now)
    return True


@transaction.atomic
def purge_audit(*, now: datetime.datetime, keep_days: int) -> int:
    """Remove the audit lines older than `keep_days` days, leave one that says so; count them.

    The only way by which a line goes (domain-rules 8.5: two years, ids only). The database itself
    refuses to let younger ones go, where it can: docs/decisions.
    """
    before = now - datetime.timedelta(days=keep_days)
    # A set of rows that does not refuse: Django's own.
    old: models.QuerySet[AuditEntry] = models.QuerySet(AuditEntry).filter(at__lt=before)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('lms.audit_purge_before', %s, true)", [before.isoformat()]
            )
        count, _by_model = old.delete()
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('lms.audit_purge_before', '', true)")
    if count:
        record_audit(actor=None, action="audit.purged", target=AuditEntry, now=now, count=count)
    return count
