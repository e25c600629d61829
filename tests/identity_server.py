"""A digital identity to sign in with: Canaille, an identity provider, in a process of its own.

`python -m tests.identity_server '{"client": {…}, "people": [{…}]}'` prints its address and serves
until it is stopped. It keeps all in memory, signs with a key of its own, asks for a password and
for consent, and knows nothing of our code.
"""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey

HOST = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main(setting: dict[str, Any]) -> None:
    """Serve a client and some people."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http, on loopback
    server = WSGIServer((HOST, 0), Quiet)
    address = f"{HOST}:{server.server_port}"
    key = RSAKey.generate_key(2048, auto_kid=True)
    app = create_app(
        config={
            "SECRET_KEY": os.urandom(16).hex(),
            "SERVER_NAME": address,
            "PREFERRED_URL_SCHEME": "http",
            "WTF_CSRF_ENABLED": False,
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)], "TRUSTED_DOMAINS": []},
        }
    )
    with app.app_context():
        client = models.Client(
            client_id_issued_at=datetime.now(UTC),
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "phone"],
            token_endpoint_auth_method="client_secret_basic",
            **setting["client"],
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
        for person in setting["people"]:
            Backend.instance.save(models.User(**person))
    server.set_app(app)
    sys.stdout.write(f"http://{address}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
