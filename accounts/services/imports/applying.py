"""Writing what the preview said: all of it in one transaction, or the good rows in batches."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import ImportField, ImportState, RowOutcome, RowVerdict
from accounts.models import JobRole, Membership, PeopleImport, PeopleImportRow, User
from accounts.services.audit import record_audit, record_audit_of_many
from accounts.services.imports.claims import hold
from accounts.services.imports.judging import judge, plan_import, write_rows
from accounts.services.imports.places import Places
from accounts.services.imports.plans import RowPlan
from accounts.services.people import join_organisation

BATCH = 200
_WRITTEN = ["outcome", "note", "made", "person", "awaits_invitation"]
_TO_DO = (RowVerdict.NEW, RowVerdict.CHANGES)


class RowsMoved(Exception):
    """Rows are no longer what the preview said; nothing of this transaction may stay."""


def apply_all(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Import every row in one transaction, or none: then the import is there to look at again."""
    try:
        with transaction.atomic():
            held = hold(people_import, now)
            _set_aside(held)
            rows = list(_waiting(held))
            _apply(held, rows, now)
            moved = [row.number for row in rows if row.outcome == RowOutcome.FAILED]
            if moved:
                raise RowsMoved(moved)
            _finish(held, now)
    except RowsMoved as error:
        _put_back(people_import, now, error.args[0])


@transaction.atomic
def _put_back(people_import: PeopleImport, now: datetime.datetime, numbers: list[int]) -> None:
    held = hold(people_import, now)
    held.state = ImportState.PREVIEWED
    held.refusal = _(
        "Nothing was imported. Since you looked, something else changed these people: row "
        "%(numbers)s. Look at what would happen now."
    ) % {"numbers": ", ".join(map(str, numbers[:10])) + ("…" if len(numbers) > 10 else "")}
    held.save(update_fields=["state", "refusal", "updated_at"])
    judge(held, now, at_once=held.rows_total)


@transaction.atomic
def apply_some(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Import the next rows that are good; the rest of them waits for the next step."""
    held = hold(people_import, now)
    _set_aside(held)
    rows = list(_waiting(held)[:BATCH])
    _apply(held, rows, now)
    if len(rows) < BATCH:
        _finish(held, now)


def _waiting(people_import: PeopleImport) -> QuerySet[PeopleImportRow]:
    return people_import.rows.filter(outcome="", verdict__in=_TO_DO).order_by("number")


def _set_aside(people_import: PeopleImport) -> None:
    """Mark the rows for which nothing is to do."""
    waiting = people_import.rows.filter(outcome="")
    waiting.filter(verdict=RowVerdict.SAME).update(outcome=RowOutcome.LEFT)
    waiting.filter(verdict__in=[RowVerdict.WRONG, RowVerdict.LIKENESS]).update(
        outcome=RowOutcome.FAILED
    )


def _finish(people_import: PeopleImport, now: datetime.datetime) -> None:
    invites = people_import.rows.filter(awaits_invitation=True).exists()
    people_import.state = ImportState.INVITING if invites else ImportState.DONE
    people_import.finished_at = now
    outcomes = people_import.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
    people_import.counts |= {f"outcome_{outcome}": n for outcome, n in outcomes}
    people_import.save(update_fields=["state", "finished_at", "counts", "made", "updated_at"])
    record_audit(
        actor=people_import.started_by, action="import.done", target=people_import, now=now
    )


def _apply(
    people_import: PeopleImport, rows: list[PeopleImportRow], now: datetime.datetime
) -> None:
    """Write rows that still are what was agreed to; the others are marked as not imported."""
    plans = plan_import(people_import, rows, now=now, with_likeness=False)
    good: list[tuple[PeopleImportRow, RowPlan]] = []
    for row, plan in zip(rows, plans, strict=True):
        if plan.verdict == RowVerdict.SAME:
            row.outcome = RowOutcome.LEFT  # somebody else has done the same meanwhile
        elif plan.fingerprint != _agreed(row):
            _fail(row, plan)
        else:
            good.append((row, plan))
    places = Places(people_import, now)
    places.make_missing([plan for _row, plan in good if plan.place])
    # In the order of addresses: two imports that meet wait for each other and never in a circle.
    good.sort(key=lambda pair: pair[1].said.address)
    _add_people(people_import, [pair for pair in good if pair[1].person is None], places, now)
    _change_people(people_import, [pair for pair in good if pair[1].person], places, now)
    people_import.made = places.made
    people_import.save(update_fields=["made", "updated_at"])
    write_rows(rows, _WRITTEN)


def _agreed(row: PeopleImportRow) -> tuple[object, ...]:
    told = [(c["field"], c["new"]) for c in row.changes if not c.get("is_kept")]
    return (RowVerdict(row.verdict), row.person_id, told)


def _fail(row: PeopleImportRow, plan: RowPlan) -> None:
    row.outcome = RowOutcome.FAILED
    row.note = (
        plan.problems[0]["sentence"]
        if plan.problems
        else _("This person was changed by somebody else after you looked. Import the row again.")
    )


def _add_people(
    people_import: PeopleImport,
    pairs: Sequence[tuple[PeopleImportRow, RowPlan]],
    places: Places,
    now: datetime.datetime,
) -> None:
    """Add new people with their memberships. An address that was taken meanwhile fails its row."""
    people = {}
    for row, plan in pairs:
        user = User(
            email=plan.said.address, full_name=plan.said.full_name, job_role_id=plan.job_role_id
        )
        user.set_unusable_password()
        people[row.number] = user
    # Whose address is taken by now is left out by the database; the public id tells ours.
    User.objects.bulk_create(people.values(), ignore_conflicts=True, batch_size=BATCH)
    pks = _pks_of(list(people.values()))
    memberships, added = [], []
    for row, plan in pairs:
        user = people[row.number]
        user.pk = pks.get(user.public_id)
        if user.pk is None:
            row.outcome = RowOutcome.FAILED
            row.note = _("Somebody with this address was added while the import ran.")
            continue
        assert plan.place is not None  # noqa: S101 - a row without one is wrong
        organisation = places.of(plan.place)
        memberships.append(
            Membership(user=user, organisation=organisation, starts_on=timezone.localdate(now))
        )
        row.outcome, row.person, row.awaits_invitation = RowOutcome.ADDED, user, True
        row.made = {"user": user.pk, "organisation": organisation.pk}
        added.append(user)
    made = Membership.objects.bulk_create(memberships, batch_size=BATCH)
    by_user = {membership.user_id: membership.pk for membership in made}
    for row, _plan in pairs:
        if row.person_id is not None:
            row.made["membership"] = by_user[row.person_id]
    actor = people_import.started_by
    record_audit_of_many(actor=actor, action="person.imported", targets=added, now=now)
    record_audit_of_many(actor=actor, action="membership.begun", targets=made, now=now)


def _pks_of(people: list[User]) -> dict[object, int]:
    found: dict[object, int] = {}
    for start in range(0, len(people), BATCH):
        ids = [user.public_id for user in people[start : start + BATCH]]
        found |= dict(User.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    return found


def _change_people(
    people_import: PeopleImport,
    pairs: Sequence[tuple[PeopleImportRow, RowPlan]],
    places: Places,
    now: datetime.datetime,
) -> None:
    """Change people who are here; what is replaced is kept with the row, for the undo."""
    ids = sorted(plan.person.pk for _row, plan in pairs if plan.person)
    people: dict[int, User] = {}
    for start in range(0, len(ids), BATCH):
        locked = User.objects.select_for_update().filter(pk__in=ids[start : start + BATCH])
        people |= {user.pk: user for user in locked.order_by("pk")}
    changed: dict[str, list[User]] = {}
    for row, plan in pairs:
        assert plan.person is not None  # noqa: S101 - that is how the pairs were chosen
        user = people[plan.person.pk]
        row.outcome, row.person, row.made = RowOutcome.CHANGED, user, {}
        for name in _new_values(row, plan, user):
            changed.setdefault(name, []).append(user)
        _bring_in(people_import, row, plan, user, places, now)
    for name, users in changed.items():
        User.objects.bulk_update(users, [name], batch_size=BATCH)
        record_audit_of_many(
            actor=people_import.started_by,
            action="person.changed",
            targets=users,
            now=now,
            fields=[name],
        )


def _new_values(row: PeopleImportRow, plan: RowPlan, user: User) -> list[str]:
    """Set what the plan changes of the person; say which fields."""
    names = {str(change["field"]) for change in plan.changes if not change["is_kept"]}
    found = []
    if ImportField.FULL_NAME in names:
        row.made["full_name"] = [user.full_name, plan.said.full_name]
        user.full_name = plan.said.full_name
        found.append("full_name")
    if ImportField.JOB_ROLE in names:
        row.made["job_role"] = [user.job_role_id, plan.job_role_id]
        user.job_role = JobRole(pk=plan.job_role_id)
        found.append("job_role")
    return found


def _bring_in(
    people_import: PeopleImport,
    row: PeopleImportRow,
    plan: RowPlan,
    user: User,
    places: Places,
    now: datetime.datetime,
) -> None:
    """Make a person who is here a member; one whom the importer does not reach is only invited."""
    if plan.place is None or not (plan.joins or plan.is_only_invited):
        return
    organisation = places.of(plan.place)
    row.made["organisation"] = organisation.pk
    if plan.is_only_invited:
        row.awaits_invitation = True
        return
    membership = join_organisation(
        user=user,
        organisation=organisation,
        now=now,
        starts_on=timezone.localdate(now),
        actor=people_import.started_by,
    )
    row.made["membership"] = membership.pk
