"""Every setting that comes from the environment, typed, in one place.

`docs/settings.md` is written from this file: `python -m backend.env --write`.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

SETTINGS_PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"


def _about(text: str) -> Meta:
    return Meta(description=text)


class Env(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """What the environment says. Field names are the variables' names in lower case."""

    secret_key: Annotated[str, Meta(min_length=32, description="Signs cookies and links. Secret.")]
    field_keys: Annotated[
        str,
        _about(
            "Keys of encrypted fields, `id:base64 of 32 bytes`, comma-separated, the first one "
            "writes. Secret."
        ),
    ]
    database_url: Annotated[str, _about("PostgreSQL 15 or newer; the embedded server if unset.")]
    redis_url: Annotated[str, _about("Valkey or Redis for Celery; embedded if unset.")]
    mqtt_url: Annotated[
        str, _about("External MQTT broker (mqtt://user:password@host:port); our own door if unset.")
    ] = ""
    port: Annotated[int, _about("Port of the web process.")] = 8000
    mqtt_port: Annotated[int, _about("Port of the MQTT door; 0 closes it.")] = 0
    watch_port: Annotated[int, _about("Port of the watches' TCP door; 0 closes it.")] = 0
    bind_host: Annotated[str, _about("Address on which the MQTT and watch doors listen.")] = (
        "127.0.0.1"
    )
    public_url: Annotated[
        str, _about("Address under which people and providers reach us, without a final slash.")
    ] = "http://127.0.0.1:8000"
    allowed_hosts: Annotated[str, _about("Host names served, comma-separated.")] = (
        "127.0.0.1,localhost,[::1]"
    )
    yian_state: Annotated[
        str, _about("Folder of the embedded servers, secrets, logs and `run.json`.")
    ] = "var"
    yian_demo: Annotated[
        bool, _about("The invented district with its phones; never true for real residents.")
    ] = False
    demo_phones_url: Annotated[str, _about("Address of the demo phones' server.")] = ""
    emergency_phone: Annotated[
        str, _about("Number shown where help cannot be called through the app.")
    ] = "120"
    twilio_account_sid: Annotated[str, _about("Twilio account.")] = ""
    twilio_auth_token: Annotated[str, _about("Twilio token; also checks its hooks. Secret.")] = ""
    twilio_from: Annotated[str, _about("Number that calls and texts come from.")] = ""
    twilio_api_base: Annotated[
        str, _about("Another server that speaks Twilio's protocol, such as the demo phones.")
    ] = ""
    routine_calls_from_h: Annotated[
        int,
        Meta(ge=0, le=23, description="Hour from which people may be rung about what can wait."),
    ] = 8
    routine_calls_until_h: Annotated[
        int,
        Meta(ge=1, le=24, description="Hour until which they may; later than the one it begins."),
    ] = 20
    map_tiles_url: Annotated[str, _about("Leaflet tile address; maps are plain without it.")] = ""
    nominatim_url: Annotated[str, _about("Nominatim host for geocoding; offline if unset.")] = ""
    policy_pack: Annotated[
        str,
        _about(
            "Pack of the amounts and limits of benefits "
            "(`services/assistance/policy/packs/<name>.yaml`)."
        ),
    ] = "wuxi"
    log_level: Annotated[str, _about("Level of the log.")] = "INFO"


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """The typed environment.

    Raises:
        SystemExit: a variable is missing or of the wrong kind; the sentence names it.
    """
    known = {f.encode_name for f in msgspec.structs.fields(Env)}
    given = {name: value for name, value in environ.items() if name in known and value != ""}
    try:
        return msgspec.convert(given, Env, strict=False)
    except msgspec.ValidationError as error:
        message = str(error).replace("Object missing required field", "missing variable")
        raise SystemExit(
            f"Yian cannot start: {message}. `make up` sets everything for a demo; "
            "docs/settings.md lists the variables."
        ) from error


def page() -> str:
    """The settings as a Markdown page."""
    lines = [
        "# Settings",
        "",
        "All from the environment. Written by `python -m backend.env --write`.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    schema = msgspec.json.schema(Env)["$defs"]["Env"]
    for name, about in schema["properties"].items():
        default = "required" if name in schema["required"] else f"`{about.get('default')!s}`"
        lines.append(f"| `{name}` | {default} | {about['description']} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is up to date."""
    if "--write" in arguments:
        SETTINGS_PAGE.write_text(page(), encoding="utf-8")
        return 0
    current = SETTINGS_PAGE.read_text(encoding="utf-8") if SETTINGS_PAGE.exists() else ""
    if current != page():
        sys.stderr.write("docs/settings.md is out of date: python -m backend.env --write\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
