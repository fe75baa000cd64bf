from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401 - connects them
        from courses.notices import KINDS
        from courses.services import held
        from notifications.services import register_kind

        for kind in KINDS:
            register_kind(kind)
        held.register()
