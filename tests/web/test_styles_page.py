"""The living style page: for staff, in every look."""

import pytest
from django.test import Client

from backend.accounts.models import Role, User
from backend.accounts.second_factor import SESSION_MARK

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    user = User.objects.create_user(f"a-{role}", role=role)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_MARK] = "2026-11-23T04:00:00+00:00"
    session.save()
    return client


@pytest.mark.parametrize("audience", ["elder", "care", "desk"])
def test_staff_see_every_component_in_the_look_of_an_audience(audience: str) -> None:
    answer = signed_in(Role.OPERATOR).get("/web/styles", {"as": audience})
    assert answer.status_code == 200
    assert f"web/{audience}.css" in answer.content.decode()


def test_residents_do_not_see_it() -> None:
    assert signed_in(Role.RESIDENT).get("/web/styles").status_code == 404


def test_the_large_text_is_kept_for_next_time() -> None:
    client = signed_in(Role.OPERATOR)
    client.post("/web/text-size", {"choice": "large", "next": "/"})
    assert 'class="text-large"' in client.get("/web/styles").content.decode()


def test_the_page_carries_the_servers_time() -> None:
    assert 'name="server-time" content="20' in (
        signed_in(Role.OPERATOR).get("/web/styles").content.decode()
    )
