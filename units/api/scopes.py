"""What a token may do at the door, and that everybody must be known; what a person may do the operations ask."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from units.models import ApiToken
from units.operations.tokens import Scope


class HasScope(BasePermission):
    """Tokens need the scope that the view asks for; people have roles instead of scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        if isinstance(request.auth, ApiToken) and view.action is not None:
            scope = view.required_scope()
            if not getattr(request.auth, f"can_{scope}"):
                raise PermissionDenied(_("This token lacks the scope “%(scope)s”.") % {"scope": scope})
        return True


__all__ = ["HasScope", "Scope"]
