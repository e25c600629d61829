"""What a browser says of itself, in words that tell one's own telephone from a stranger's."""

import ipaddress

from django.utils.translation import gettext, gettext_noop

DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", gettext_noop("Huawei phone")),
    ("Android", gettext_noop("Android phone")),
    ("Windows", gettext_noop("Windows computer")),
    ("Macintosh", gettext_noop("Mac")),
    ("Linux", gettext_noop("Linux computer")),
)
"""The first that stands in the User-Agent."""
BROWSERS = (
    ("MicroMessenger", gettext_noop("WeChat")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SEPARATOR = " · "
V4_PREFIX, V6_PREFIX = 24, 48
"""So much of an address says roughly where from, and not which home."""


def device_of(user_agent: str) -> str:
    """Kind of device and browser as msgids, "" for what is not known."""
    found = (
        next((name for mark, name in table if mark in user_agent), "")
        for table in (DEVICES, BROWSERS)
    )
    return SEPARATOR.join(filter(None, found))


def network_of(address: str) -> str:
    """The network an address belongs to, without its last part; "" for none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = V4_PREFIX if parsed.version == 4 else V6_PREFIX
    return str(ipaddress.ip_network((parsed, prefix), strict=False))


def spoken(device: str) -> str:
    """A device in the active language."""
    return SEPARATOR.join(gettext(part) for part in device.split(SEPARATOR) if part)
