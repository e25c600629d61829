"""Deny by default: a view without a declared permission serves nobody.

Its own module, because DRF imports it by name while its views are being imported.
"""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """Nobody."""

    def has_permission(self, _request: "Request", _view: "APIView") -> bool:
        """Refuse."""
        return False
