"""Webhooks at the API and on pages: the administrator's, and a secret that is shown once."""

import pytest

from backend.audit.models import AuditRow
from backend.webhooks.models import Webhook
from tests.backend.webhooks.builders import a_webhook
from tests.builders import a_user, an_area, api_of, reloaded, signed_in

pytestmark = pytest.mark.django_db

API, PAGES = "/api/v1/webhooks/", "/account/webhooks/"
WISH = {
    "label": "City platform",
    "url": "https://platform.example/events",
    "types": ["call.*", "alert.raised"],
}


def test_the_secret_is_in_one_answer_and_in_no_other() -> None:
    api = api_of(a_user(role="administrator"))
    made = api.post(API, WISH).json()
    secret = Webhook.objects.get(pk=made["id"]).secret

    assert made["secret"] == secret
    for path in (API, f"{API}{made['id']}/", f"{API}{made['id']}/notices/"):
        assert secret not in api.get(path).content.decode()
    rotated = api.post(f"{API}{made['id']}/rotate/").json()["secret"]
    assert rotated not in {secret, ""}


def test_every_change_leaves_an_audit_row_without_the_address() -> None:
    user = a_user(role="administrator")
    api = api_of(user)
    made = api.post(API, WISH).json()["id"]
    api.put(f"{API}{made}/", {**WISH, "active": False})
    api.delete(f"{API}{made}/")

    rows = AuditRow.objects.filter(subject=f"webhook:{made}").order_by("pk")
    assert [row.action for row in rows] == ["create", "change", "delete"]
    assert all(row.actor == user.reference and "platform" not in row.reason for row in rows)


def test_an_address_that_is_not_called_is_refused_with_a_code() -> None:
    api = api_of(a_user(role="administrator"))
    answer = api.post(API, {**WISH, "url": "https://169.254.169.254/latest"})

    assert answer.status_code == 422
    assert answer.json()["fields"] == {"url": ["address_refused"]}


def test_another_districts_system_is_not_there() -> None:
    api = api_of(a_user(role="administrator", area=an_area()))
    assert api.get(f"{API}{a_webhook().pk}/").status_code == 404


def test_on_pages_a_system_is_added_changed_given_a_secret_and_removed() -> None:
    browser = signed_in(a_user(role="administrator"))
    form = {**WISH, "types": ["call.*"], "active": "on"}
    shown = browser.post(f"{PAGES}new/", form).content.decode()
    webhook = Webhook.objects.get()
    assert webhook.secret in shown
    assert webhook.secret not in browser.get(f"{PAGES}{webhook.pk}/").content.decode()
    assert webhook.label in browser.get(PAGES).content.decode()

    browser.post(f"{PAGES}{webhook.pk}/change/", {**form, "label": "Other"})
    assert reloaded(webhook).label == "Other"
    bad = browser.post(f"{PAGES}{webhook.pk}/change/", {**form, "url": "https://10.0.0.1/"})
    assert bad.status_code == 422
    new = browser.post(f"{PAGES}{webhook.pk}/rotate/").content.decode()
    assert reloaded(webhook).secret in new
    browser.post(f"{PAGES}{webhook.pk}/try-again/")
    browser.post(f"{PAGES}{webhook.pk}/remove/")
    assert not Webhook.objects.exists()
