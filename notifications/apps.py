from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import receivers  # noqa: F401 - connects them
        from notifications.notices import KINDS
        from notifications.services import DAILY_DIGEST_KIND, TEXT_TEST, held, register_kind

        for kind in [*KINDS, DAILY_DIGEST_KIND, TEXT_TEST]:
            register_kind(kind)
        held.register()
