"""Who a session belongs to: the person together with the roles, since every page asks for both."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from units.models import User
from units.queries.signed_in import person_with_roles


class PeopleBackend(ModelBackend):
    """Names and passwords as Django keeps them; whoever is signed in comes with every role, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        person = person_with_roles(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
