"""Telling one notice: one request to the address that was checked, no redirects, nothing read.

The time is for all of it: who sends its answer letter by letter holds us no longer.
"""

import asyncio
import json
import ssl
from datetime import datetime
from functools import cache
from http import HTTPStatus

import httpx

from backend.webhooks import guard, signing
from backend.webhooks.models import Notice, Webhook
from backend.webhooks.policies import WITHIN_S


def body_of(notice: Notice) -> bytes:
    """What is told: what happened to which thing, when; who may know more asks the API."""
    told = {
        "type": notice.type,
        "timestamp": notice.at.isoformat(),
        "data": {
            "seq": notice.seq,
            "subject": notice.subject,
            "resident": str(notice.resident_id) if notice.resident_id else None,
            "area": notice.area_path,
        },
    }
    return json.dumps(told, separators=(",", ":")).encode()


def tell(notice: Notice, webhook: Webhook, *, now: datetime) -> tuple[bool, str]:
    """Send it once: whether it was taken, and the status or the code of what went wrong."""
    body = body_of(notice)
    keys = [webhook.secret]
    if webhook.old_secret and webhook.old_until and now < webhook.old_until:
        keys.append(webhook.old_secret)
    signed = signing.headers(body, notice_id=str(notice.pk), at=now, keys=keys)
    try:
        status = asyncio.run(_post(guard.target_of(webhook.url), body, signed))
    except guard.Refused as error:
        return False, str(error)
    except (TimeoutError, httpx.TimeoutException):
        return False, "timeout"
    except httpx.HTTPError as error:
        return False, type(error).__name__[:40]
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES, str(status)


async def _post(target: guard.Target, body: bytes, headers: dict[str, str]) -> int:
    host = f"[{target.ip}]" if ":" in target.ip else target.ip
    name = f"[{target.host}]" if ":" in target.host else target.host
    url = f"{target.scheme}://{host}:{target.port}{target.path}"
    own = {"Host": f"{name}:{target.port}", "Content-Type": "application/json", **headers}
    named = {"sni_hostname": target.host}
    async with (
        asyncio.timeout(WITHIN_S),
        httpx.AsyncClient(
            verify=_trusted(), timeout=WITHIN_S, follow_redirects=False, trust_env=False
        ) as client,
        client.stream("POST", url, content=body, headers=own, extensions=named) as answer,
    ):
        return answer.status_code


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
