"""Meetings with their minutes, and the follow-ups: one that the town leads and the trade bureau supports."""

from __future__ import annotations

from campaigns.models import FollowUp, Minutes
from tests.addresses import Scene
from tests.admin_builders import make
from tests.api_matrix.sample import Sample
from tests.cast import at

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    meetings-list          401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-detail        401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-minutes       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-invitation    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    follow-ups-list        401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    follow-ups-detail      401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
"""


def of_meeting(scene: Scene) -> dict[str, int]:
    return {"id": scene.meeting.pk}


def issued(scene: Scene) -> None:
    make(Minutes, meeting=scene.meeting, issued_at=at(8, 29), issued_by=scene.cast.office)


def assigned(scene: Scene) -> None:
    cast = scene.cast
    make(FollowUp, campaign=cast.campaign, lead=cast.town).supporting.add(cast.lead)


SAMPLES: dict[str, Sample] = {
    "meetings-detail": Sample(kwargs=of_meeting),
    "meetings-minutes": Sample(kwargs=of_meeting, given=issued),
    "meetings-invitation": Sample(kwargs=of_meeting),
    "follow-ups-detail": Sample(kwargs=lambda scene: {"id": FollowUp.objects.latest("pk").pk}, given=assigned),
}
