"""Notices to many people, written through the service, in a process of its own.

python -m tests.workers.outbox enqueue 1000
"""

import json
import sys
from typing import Any

import django


def enqueue(count: str) -> dict[str, Any]:
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from notifications.services import TEXT_TEST, enqueue_notice

    people = User.objects.bulk_create(
        User(email=f"person{n}@example.org", full_name=f"Person {n}") for n in range(int(count))
    )
    for first in range(0, len(people), 50):
        with transaction.atomic():
            for person in people[first : first + 50]:
                enqueue_notice(
                    kind=TEXT_TEST.code,
                    dedupe_key=f"under-fire-{person.pk}",
                    recipient=person,
                    context={
                        "kind": "certificates.certificate_ready",
                        "subject": "Your certificate is ready",
                        "body": "Dear {{ holder_name }}\n\n[See it]({{ certificate_url }})",
                    },
                    now=timezone.now(),
                )
    return {"written": len(people)}


if __name__ == "__main__":
    django.setup()
    command, *arguments = sys.argv[1:]
    print(json.dumps({"enqueue": enqueue}[command](*arguments)))
