"""Nobody makes us call our own network, whatever the name or the figures say."""

import socket

import msgspec
import pytest
from django.conf import settings

from backend.webhooks import guard

OURS = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[2002:7f00:1::]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::a00:1]",
    "[fec0::1]",
    "[::7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[2001:db8::1]",
]


@pytest.mark.parametrize("host", OURS)
def test_addresses_of_our_own_network_are_refused_in_figures(host: str) -> None:
    with pytest.raises(guard.Refused):
        guard.check_form(f"https://{host}/events")


@pytest.mark.parametrize("host", OURS)
def test_and_by_a_name_that_leads_there(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _name_leads_to(monkeypatch, "8.8.8.8", host.strip("[]"))

    with pytest.raises(guard.Refused, match="address_refused"):
        guard.target_of("https://innocent.example/events")


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.example/",
        "ftp://platform.example/",
        "file:///etc/passwd",
        "https://user:word@platform.example/",
        "https://platform.example/#part",
        "https://platform.example:0/",
        "https://platform.example:99999/",
        "https://platform.example/a b",
        "https://platform.example/\r\nX: y",
        "https:///events",
        "https://[::1",
        "",
    ],
)
def test_what_is_no_public_https_address_is_refused(url: str) -> None:
    with pytest.raises(guard.Refused):
        guard.check_form(url)


def test_the_address_that_was_checked_is_the_one_to_connect_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _name_leads_to(monkeypatch, "8.8.8.8")
    target = guard.target_of("https://platform.example:8443/events?kind=a")

    assert (target.ip, target.host, target.port) == ("8.8.8.8", "platform.example", 8443)
    assert target.path == "/events?kind=a"


def test_a_network_of_ours_is_called_only_where_the_setting_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allowed = msgspec.structs.replace(settings.ENV, webhook_networks="10.1.0.0/16, fd00::/8")
    monkeypatch.setattr(settings, "ENV", allowed)

    guard.check_form("http://10.1.2.3/events")
    guard.check_form("https://[fd00::1]/events")
    with pytest.raises(guard.Refused):
        guard.check_form("http://10.2.0.1/events")
    with pytest.raises(guard.Refused):
        guard.check_form("http://8.8.8.8/events")


def _name_leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(0, socket.SOCK_STREAM, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
