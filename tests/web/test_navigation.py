"""Staff who work at no desk are led from page to page, and only to pages that open to them."""

import re

import pytest

from backend.accounts.models import Role
from backend.accounts.sessions import HOMES
from tests.builders import a_user, an_area, signed_in

pytestmark = pytest.mark.django_db

BAR = re.compile(r"<header.*?</header>", re.DOTALL)
LINK = re.compile(r'href="([^"]+)"')


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.SECURITY])
def test_each_page_of_the_bar_opens_and_leads_back(role: Role) -> None:
    client = signed_in(a_user(role=role, area=an_area()))
    bar = BAR.search(client.get(HOMES[role]).content.decode())
    assert bar is not None
    links = set(LINK.findall(bar.group()))

    assert len(links) > 2
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert f'href="{HOMES[role]}"' in answer.content.decode()


def test_the_bar_says_where_one_is() -> None:
    client = signed_in(a_user(role=Role.SECURITY, area=an_area()))
    page = client.get("/account/staff/").content.decode()
    assert '<a href="/account/staff/" aria-current="page">' in page


def test_who_is_not_signed_in_sees_no_bar() -> None:
    page = signed_in(a_user(role=Role.SECURITY, area=an_area()))
    page.logout()
    assert "<nav" not in page.get("/sign-in/staff/").content.decode()
