"""News of people and organisations for the apps above.

Each is sent inside the transaction of its cause, with `now`. What a receiver writes stands or falls
with it; receivers only write rows. `reach_asked` is a question, and has no cause.
"""

from django.dispatch import Signal

# With `invitation` and `link`: the e-mailed link that it is accepted by.
invitation_sent = Signal()
# With `addresses`: which of them an invitation by e-mail would not reach? Receivers answer with a
# dict of these and the reason, in a sentence; they write nothing.
reach_asked = Signal()
# With `join_request`: somebody asks to join.
join_requested = Signal()
# With `join_request`: it was confirmed or declined.
join_decided = Signal()
# With `membership` and `ended_by`: the last champion of an organisation ends, and none follows.
champion_ended = Signal()
# With `grant`: somebody was given a role. `grant.granted_by` is None when the system gave it.
role_given = Signal()
# With `reset`: an administrator let somebody start afresh who lost every second step.
second_factor_forgotten = Signal()
# With `closing`: an administrator closed somebody's account.
account_closed = Signal()
# With `closing`: an administrator opened it again.
account_opened = Signal()
# With `grant`: a role was taken, or its last day set. `grant.ended_by` is None when the system did.
role_taken = Signal()
