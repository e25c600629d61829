"""Every setting that comes from the environment, typed, in one place.

`docs/settings.md` is written from this file: `python -m backend.env --write`.
"""

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.accounts.profiles import ProfileName

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
    migrate_database_url: Annotated[
        str,
        _about(
            "The same database as the owner of its tables, for `migrate`, `backup`, `restore` and "
            "`trim_audit`; DATABASE_URL if unset, and then the application owns the audit. Secret."
        ),
    ] = ""
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
    backup_key: Annotated[
        str,
        _about(
            "Key that backups are encrypted with: a public one (age1…), or for a trial a secret "
            "one (`manage.py backup_key`)."
        ),
    ] = ""
    twilio_from: Annotated[str, _about("Number that calls and texts come from.")] = ""
    twilio_api_base: Annotated[
        str, _about("Another server that speaks Twilio's protocol, such as the demo phones.")
    ] = ""
    break_glass_minutes: Annotated[
        int,
        Meta(
            ge=1,
            le=60,
            description="Longest time that a record opened in an emergency stays open, in minutes.",
        ),
    ] = 60
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
    webhook_networks: Annotated[
        str,
        _about(
            "Networks of our own that webhooks may call, also without TLS, beside public https "
            "addresses; comma-separated, as `10.2.0.0/24`."
        ),
    ] = ""
    policy_pack: Annotated[
        str,
        _about(
            "Pack of the amounts and limits of benefits "
            "(`services/assistance/policy/packs/<name>.yaml`)."
        ),
    ] = "wuxi"
    audit_keys: Annotated[
        str,
        _about(
            "Keys that sign checkpoints and exports of the audit, `id:base64 of 32 bytes`, "
            "comma-separated, the first one signs; made from SECRET_KEY if unset. Secret."
        ),
    ] = ""
    audit_checkpoints: Annotated[
        str,
        _about(
            "Folder, outside the database, into which `tick` writes where the audit ends; "
            "`audit` in YIAN_STATE if unset."
        ),
    ] = ""
    audit_kept_days: Annotated[
        int,
        Meta(
            ge=184,
            description="How long rows of the audit are kept. Cybersecurity Law, Article 21(3): "
            "six months at least.",
        ),
    ] = 1100
    exchange_kept_days: Annotated[
        int,
        Meta(
            ge=1096,
            description="How long records of what was handed to others are kept. Network Data "
            "Security Regulations, Article 12, and PIPL, Article 56: three years at least.",
        ),
    ] = 1100
    security_profile: Annotated[
        ProfileName,
        _about(
            "Rules for passwords, sessions and failed sign-ins: `asvs` (OWASP ASVS 5.0) or "
            "`dengbao3` (GB/T 22239-2019, level 3)."
        ),
    ] = "asvs"
    oidc_issuer: Annotated[
        str,
        _about(
            "Digital identity of the nation or city that residents and families may sign in by "
            "(OpenID Connect issuer address); none if unset."
        ),
    ] = ""
    oidc_client_id: Annotated[str, _about("Our name at that issuer.")] = ""
    oidc_client_secret: Annotated[str, _about("Our secret at that issuer. Secret.")] = ""
    oidc_name: Annotated[
        str, _about("What people call it; stands on the button of the sign-in page.")
    ] = ""
    rights_days: Annotated[
        int,
        Meta(
            ge=1,
            le=30,
            description="Working days in which a request about one's own data is answered.",
        ),
    ] = 15
    retention: Annotated[
        str,
        _about(
            "Other days of keeping, `kind=days` comma-separated; docs/retention.md lists the kinds."
        ),
    ] = ""
    caregiver_sees_before_min: Annotated[
        int, Meta(ge=0, description="Minutes before a visit from which its caregiver sees whom.")
    ] = 60
    caregiver_sees_after_h: Annotated[
        int, Meta(ge=0, description="Hours after a visit or call until which they still do.")
    ] = 24
    log_level: Annotated[str, _about("Level of the log.")] = "INFO"


SECRETS = (
    *("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL", "MQTT_URL"),
    *("TWILIO_AUTH_TOKEN", "BACKUP_KEY"),
)
"""What may come from a file, named by the same variable with `_FILE` behind it."""
FILE = "_FILE"


def resolved(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment with the secrets of its files in their places.

    Raises:
        SystemExit: a file cannot be read, or says something else than the variable.
    """
    given = dict(environ)
    for name in SECRETS:
        file = given.pop(name + FILE, "")
        if not file:
            continue
        try:
            secret = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SystemExit(f"Yian cannot start: {name}{FILE} cannot be read: {error}") from error
        if given.get(name, secret) != secret:
            raise SystemExit(f"Yian cannot start: {name} and {name}{FILE} say different things.")
        given[name] = secret
    return given


def open_files(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables whose file everybody on this machine can read."""
    named = ((name + FILE, environ.get(name + FILE, "")) for name in SECRETS)
    return [name for name, file in named if file and _is_open(Path(file))]


def _is_open(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & stat.S_IROTH)


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """The typed environment.

    Raises:
        SystemExit: a variable is missing or of the wrong kind; the sentence names it.
    """
    known = {f.encode_name for f in msgspec.structs.fields(Env)}
    given = {
        name: value for name, value in resolved(environ).items() if name in known and value != ""
    }
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
        f"A secret may stand in a file instead, named by its variable with `{FILE}` behind it: "
        + ", ".join(f"`{name}{FILE}`" for name in SECRETS)
        + ".",
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
