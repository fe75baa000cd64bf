from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401 - connects them
        from courses.notices.facts import FACTS_TO_CHECK
        from courses.services import held
        from notifications.services import register_kind

        register_kind(FACTS_TO_CHECK)
        held.register()
