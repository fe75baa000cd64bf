"""News of courses for the apps above."""

from django.dispatch import Signal

# Sent inside the transaction that writes the completion, with `completion` and `now`. What a
# receiver writes stands or falls with it; receivers only write rows.
course_completed = Signal()

# Sent inside the transaction that withdraws a completion, with `completion`, `withdrawal`, `now`.
completion_withdrawn = Signal()
