"""Importing people from a list: steps, then a worker, then a day to undo it."""

from accounts.services.imports.choosing import (
    abandon_import,
    begin_import,
    choose_rows,
    look_again,
)
from accounts.services.imports.directory import reach_of
from accounts.services.imports.inviting import send_held_invitations
from accounts.services.imports.keeping import purge_rows
from accounts.services.imports.matching import answer_words, asked_words, match_columns
from accounts.services.imports.undoing import undo_import
from accounts.services.imports.uploading import start_import
from accounts.services.imports.working import work_on_import, work_on_imports

__all__ = [
    "abandon_import",
    "answer_words",
    "asked_words",
    "begin_import",
    "choose_rows",
    "look_again",
    "match_columns",
    "purge_rows",
    "reach_of",
    "send_held_invitations",
    "start_import",
    "undo_import",
    "work_on_import",
    "work_on_imports",
]
