from tests.certificates.test_viewsets import *


def test_dbg(signed_in):
    c = signed_in(Role.COORDINATOR)
    r = c.get(GIVEN, follow=True)
    print(r.redirect_chain, [str(m) for m in r.context["messages"]] if r.context else '')
    from django.contrib.auth import get_user_model
    u = get_user_model().objects.get()
    print(u.has_perm("certificates.view_awards"), u.has_perm("wagtailadmin.access_admin"))
    assert 0
