from lms.core.throttle import is_over_limit


def test_the_limit_itself_is_allowed_and_the_next_try_is_not():
    tries = [is_over_limit("guess", "somebody", limit=3, window_seconds=60) for _ in range(5)]
    assert tries == [False, False, False, True, True]


def test_others_and_other_actions_have_tries_of_their_own():
    for _ in range(4):
        is_over_limit("guess", "somebody", limit=3, window_seconds=60)
    assert not is_over_limit("guess", "somebody else", limit=3, window_seconds=60)
    assert not is_over_limit("other", "somebody", limit=3, window_seconds=60)
