from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "lms.pages"
    label = "pages"

    def ready(self) -> None:
        from lms.pages import (
            held,
            receivers,  # noqa: F401 - connects them
        )

        held.register()
