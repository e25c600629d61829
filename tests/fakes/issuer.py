"""An OpenID Connect issuer on loopback: discovery, authorization with PKCE, signed ID tokens.

What it says of somebody can be made wrong, one thing at a time, as an impostor would.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import get_default_algorithms

CLIENT, SECRET = "yian", "secret-of-the-tests"
KEY_ID = "k1"

Sign = Callable[[dict[str, Any]], str]


class Issuer:
    """One issuer with one person; `claims` and `sign` may be changed."""

    def __init__(self, now: datetime) -> None:
        """Not served yet; its clock stands at `now`."""
        self.now = now
        self.url = ""
        self.algorithm = "ES256"
        self.key: Any = ec.generate_private_key(ec.SECP256R1())
        self.claims: dict[str, Any] = {"sub": "somebody"}
        self.told: dict[str, Any] = {}
        self.discovered: dict[str, Any] = {}
        self.key_says: dict[str, str] = {"alg": "ES256", "use": "sig"}
        self.sign: Sign = self.signed
        self.codes: dict[str, dict[str, str]] = {}

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token as it should be."""
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": KEY_ID})

    def discovery(self) -> dict[str, Any]:
        """Where the doors are."""
        doors = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "userinfo_endpoint": "userinfo",
        }
        addresses = {name: f"{self.url}/{path}" for name, path in doors.items()}
        return {"issuer": self.url, **addresses, **self.discovered}

    def keys(self) -> dict[str, Any]:
        """The public half."""
        by = get_default_algorithms()[self.algorithm]
        public = json.loads(by.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, **self.key_says}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The person agrees; where their browser is sent."""
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.url})
        return f"{asked['redirect_uri']}?{back}"

    def token(self, given: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code is exchanged for; None: refused."""
        asked = self.codes.pop(given.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {expected}"
            or given["redirect_uri"] != asked["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return None
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": int(self.now.timestamp()),
            "exp": int((self.now + timedelta(minutes=5)).timestamp()),
            **self.claims,
        }
        token = self.sign({name: value for name, value in claims.items() if value is not None})
        return {"id_token": token, "access_token": "access", "token_type": "Bearer"}


@contextmanager
def an_issuer(now: datetime) -> Iterator[Issuer]:
    """An issuer that is served while the block runs."""
    issuer = Issuer(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer))
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            match asked.path:
                case "/.well-known/openid-configuration":
                    self._json(issuer.discovery())
                case "/keys":
                    self._json(issuer.keys())
                case "/userinfo":
                    self._json({"sub": issuer.claims["sub"], **issuer.told})
                case "/authorize":
                    self.send_response(302)
                    self.send_header("Location", issuer.authorize(_flat(asked.query)))
                    self.end_headers()
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got = issuer.token(_flat(body), self.headers.get("Authorization", ""))
            self._json(got or {"error": "invalid_grant"}, status=200 if got else 400)

        def _json(self, content: dict[str, Any], *, status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
