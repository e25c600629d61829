"""Tokens and one's own account at the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts import actions, limits, tokens, totp
from backend.accounts.authentication import BearerAuthentication
from backend.accounts.models import AccessToken, User
from backend.accounts.permissions import Declared, Open, actor_for
from backend.accounts.queries import tokens_of
from backend.accounts.second_factor import SecondFactorMissing
from backend.core import clock
from backend.core.errors import NotFound


class CredentialsSerializer(serializers.Serializer[User]):
    """Who asks; staff with the code of their authenticator app."""

    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    totp = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")


IssuedToken = inline_serializer(
    "IssuedToken",
    {"token": serializers.CharField(), "expires_at": serializers.DateTimeField()},
)


class TokenView(APIView):
    """Get a token, or revoke the one shown."""

    resource = "tokens"
    access_actions = {"DELETE": "revoke"}
    open_because = "name, password and code are what a token is got for"
    authentication_classes = [BearerAuthentication]

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Asking anew with an old token in the header is no error."""
        return [] if self._asks() else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        """Open for asking; revoking is for who holds the token."""
        return [Open()] if self._asks() else [Declared()]

    def _asks(self) -> bool:
        return self.request is not None and self.request.method == "POST"

    @extend_schema(request=CredentialsSerializer, responses=IssuedToken, auth=[])
    def post(self, request: Request) -> Response:
        """A token for the API; 401 `bad_credentials` whatever was wrong."""
        serializer = CredentialsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given, now = serializer.validated_data, clock.now()
        source = limits.source_of(request.META.get("REMOTE_ADDR", ""))
        user = actions.check_password(
            username=given["username"], password=given["password"], source=source, now=now
        )
        if totp.is_enrolled(user):
            actions.check_second_factor(user, code=given["totp"], now=now)
        elif user.is_staff_role:
            raise SecondFactorMissing
        shown_at = now if totp.is_enrolled(user) else None
        token, expires_at = actions.issue_api_token(
            user, by=user.reference, now=now, factor_at=shown_at
        )
        return Response({"token": token, "expires_at": expires_at})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Revoke the token in the header, at once."""
        shown = tokens_of(actor_for(request)).filter(hash=tokens.hashed(str(request.auth)))
        _revoke(shown.first(), request)
        return Response(status=204)


class MeSerializer(serializers.Serializer[Any]):
    """The account that asks, and what it is linked to."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    language = serializers.CharField()
    area = serializers.IntegerField(allow_null=True)
    resident = serializers.UUIDField(allow_null=True)
    caregiver = serializers.UUIDField(allow_null=True)
    residents = serializers.ListField(child=serializers.UUIDField())


class MeView(APIView):
    """The account that asks."""

    resource = "me"
    access_action = "read"
    permission_classes = [Declared]

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who one is, and whose contact."""
        user, actor = request.user, actor_for(request)
        assert isinstance(user, User)  # noqa: S101 - Declared let nobody else in
        me: dict[str, Any] = {
            "id": user.pk,
            "username": user.username,
            "name": actor.name,
            "role": actor.role,
            "language": user.language,
            "area": actor.area_id,
            "resident": actor.resident_id,
            "caregiver": actor.caregiver_id,
            "residents": sorted(actor.household_resident_ids),
        }
        return Response(MeSerializer(me).data)


class AccessTokenSerializer(serializers.ModelSerializer[AccessToken]):
    """A token's record; the token itself is not kept."""

    class Meta:
        model = AccessToken
        fields = ["id", "kind", "label", "created_at", "expires_at", "last_used_at"]


class MyTokensView(APIView):
    """The tokens that act as the account that asks."""

    resource = "tokens"
    access_actions = {"GET": "list"}
    permission_classes = [Declared]

    @extend_schema(responses=AccessTokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Those not revoked, newest first."""
        return Response(AccessTokenSerializer(tokens_of(actor_for(request)), many=True).data)


class MyTokenView(APIView):
    """One of them."""

    resource = "tokens"
    access_actions = {"DELETE": "delete"}
    permission_classes = [Declared]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke it, at once: a phone that was lost."""
        _revoke(tokens_of(actor_for(request)).filter(pk=token_id).first(), request)
        return Response(status=204)


class LabelSerializer(serializers.Serializer[AccessToken]):
    """What the token is for, in the person's words."""

    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, allow_blank=True, default=""
    )


class SosTokenView(APIView):
    """A token for a resident's phone or device that can only call help."""

    resource = "sos-tokens"
    access_actions = {"POST": "create"}
    permission_classes = [Declared]

    @extend_schema(
        request=LabelSerializer,
        responses={201: inline_serializer("SosToken", {"token": serializers.CharField()})},
    )
    def post(self, request: Request) -> Response:
        """A fresh one, shown once; it outlives session and lock until it is revoked."""
        serializer = LabelSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - Declared let nobody else in
        token = actions.issue_sos_token(
            user,
            by=user.reference,
            now=clock.now(),
            label=serializer.validated_data["label"],
        )
        return Response({"token": token}, status=201)


def _revoke(token: AccessToken | None, request: Request) -> None:
    if token is None:
        raise NotFound
    actions.revoke_token(token, by=actor_for(request).reference, now=clock.now())
