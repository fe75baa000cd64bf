from django.apps import AppConfig


class CourtdeskConfig(AppConfig):
    name = "courtdesk"
