"""Notices that were there before they had an id of their own."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("notifications", "0001_initial")]


@pytest.fixture
def migrate_to():
    """Go to a state of the database, and back to the last afterwards."""

    def go(targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return MigrationExecutor(connection).loader.project_state(targets).apps

    last = [
        node
        for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
        if node[0] == "notifications"
    ]
    yield go, last
    go(last)


def test_each_old_notice_gets_an_id_and_keeps_it_all(migrate_to):
    go, last = migrate_to
    notices = go(BEFORE).get_model("notifications", "Notice").objects
    fields = {"kind": "x", "address": "a@example.org", "due_at": timezone.now()}
    for number in range(3):
        notices.create(dedupe_key=f"old-{number}", **fields)

    notices = go(last).get_model("notifications", "Notice").objects
    assert len(set(notices.values_list("public_id", flat=True))) == 3
    assert None not in notices.values_list("public_id", flat=True)
    assert set(notices.values_list("subject", "body", "posted_at", "digest")) == {
        ("", "", None, None)
    }

    notices = go(BEFORE).get_model("notifications", "Notice").objects
    assert notices.count() == 3
    notices.all().delete()
