from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.exports import matrix_as_markdown
from accounts.queries.matrix import permission_matrix

PATH = Path(settings.BASE_DIR) / "docs" / "permissions.md"


class Command(BaseCommand):
    help = "Write docs/permissions.md from the role matrix."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en-gb"):
            PATH.write_text(matrix_as_markdown(permission_matrix()), encoding="utf-8")
        self.stdout.write(f"{PATH} is written.")
