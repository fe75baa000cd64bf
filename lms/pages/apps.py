from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "lms.pages"
    label = "pages"

    def ready(self) -> None:
        from lms.pages import (
            held,
            receivers,  # noqa: F401 - connects them
        )
        from lms.pages.notices import KINDS
        from notifications.services import register_kind

        for kind in KINDS:
            register_kind(kind)
        held.register()
