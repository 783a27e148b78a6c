"""Meetings with their minutes, and the follow-ups: one that the town leads and the trade bureau supports."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import FollowUp, FollowUpFile, Minutes
from campaigns.operations.evidence import add_evidence
from tests.addresses import Scene, the_item
from tests.admin_builders import make
from tests.api_matrix.sample import Sample
from tests.cast import at
from tests.followed import bring_follow_up_to, extension_asked

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    meetings-list          401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-detail        401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-minutes       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    meetings-invitation    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   meetings-list          401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
PATCH  meetings-detail        401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-next          401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
POST   meetings-cancel        401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-add-item      401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-edit-item     401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-remove-item   401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-reorder       401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-attendance    401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
POST   meetings-requirements  401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
GET    follow-ups-list        401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    follow-ups-detail      401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
GET    follow-up-evidence-list 401  404 200  200  404  200  200  200  200      200  200  403  200  200  401
GET    follow-up-evidence-detail 401 404 200 200  404  200  200  200  200      200  200  403  200  200  401
GET    follow-up-evidence-file 401  404 200  200  404  200  200  200  200      200  200  403  200  200  401
POST   follow-up-evidence-list 401  404 201  201  404  403  403  403  403      403  403  201  201  403  401
# no token takes a step
POST   follow-ups-assign      401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   follow-ups-accept      401  404  200  200  404  403  403  403  403      403  403  403  403  403  401
POST   follow-ups-start       401  404  200  200  404  403  403  403  403      403  403  403  403  403  401
POST   follow-ups-feedback    401  404  200  200  404  403  403  403  403      403  403  403  403  403  401
POST   follow-ups-send-back   401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   follow-ups-close       401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   follow-ups-extend      401  404  200  200  404  403  403  403  403      403  403  403  403  403  401
POST   follow-ups-grant-extension 401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   follow-ups-refuse-extension 401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   follow-ups-archive     401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
"""


KINDS = {"kinds": [{"kind": "monthly_analysis"}]}
NEW = {"campaign": "hundred-days", "held_on": "2022-10-11", "name_en": "Called", "name_zh": "会议", **KINDS}
ITEM = {"kind": "other", "title_en": "Exports", "title_zh": "出口", "presenter": "town"}
DEMAND = {"group": "stamina", "text_en": "Go on.", "text_zh": "继续。"}


def of_meeting(scene: Scene) -> dict[str, int]:
    return {"id": scene.meeting.pk}


def issued(scene: Scene) -> None:
    make(Minutes, meeting=scene.meeting, issued_at=at(8, 29), issued_by=scene.cast.office)


def assigned(scene: Scene) -> None:
    cast = scene.cast
    make(FollowUp, campaign=cast.campaign, lead=cast.town).supporting.add(cast.lead)


def proven(scene: Scene) -> None:
    """With a file that the unit added."""
    cast = scene.cast
    add_evidence(
        follow_up_id=bring_follow_up_to(cast, "in_hand", supporting=[cast.lead]).pk, name="letter.txt",
        upload=SimpleUploadedFile("letter.txt", b"It is moved."), content_type="text/plain", actor=cast.reporter,
        now=cast.now,
    )  # fmt: skip


def of_file(scene: Scene) -> dict[str, int]:
    kept = FollowUpFile.objects.latest("pk")
    return {"follow_up": kept.follow_up_id, "id": kept.pk}


def in_state(state: str) -> Callable[[Scene], None]:
    """The follow-up in this state, with an extension that waits for an answer."""

    def given(scene: Scene) -> None:
        cast = scene.cast
        bring_follow_up_to(cast, state, supporting=[cast.lead])

    return given


def step_of(state: str, **body: str) -> Sample:
    return Sample(kwargs=of_follow_up, bodies={"POST": lambda scene: body}, given=in_state(state))


def asked_extension(scene: Scene) -> None:
    extension_asked(scene.cast, supporting=[scene.cast.lead])


def of_follow_up(scene: Scene) -> dict[str, int]:
    return {"id": FollowUp.objects.latest("pk").pk}


SAMPLES: dict[str, Sample] = {
    "meetings-list": Sample(bodies={"POST": lambda scene: NEW}),
    "meetings-detail": Sample(kwargs=of_meeting, bodies={"PATCH": lambda scene: {**KINDS, "place": "Hall 1"}}),
    "meetings-next": Sample(bodies={"POST": lambda scene: {"campaign": "hundred-days"}}),
    "meetings-cancel": Sample(kwargs=of_meeting, bodies={"POST": lambda scene: {"reason": "Typhoon"}}),
    "meetings-add-item": Sample(kwargs=of_meeting, bodies={"POST": lambda scene: ITEM}),
    "meetings-edit-item": Sample(
        kwargs=of_meeting,
        bodies={"POST": lambda scene: {"item": the_item(scene).pk, "minutes_allotted": 15}},
        given=the_item,
    ),
    "meetings-remove-item": Sample(
        kwargs=of_meeting, bodies={"POST": lambda scene: {"item": the_item(scene).pk}}, given=the_item
    ),
    "meetings-reorder": Sample(
        kwargs=of_meeting,
        bodies={
            "POST": lambda scene: {
                "order": [{"item": one.pk, "session": "main"} for one in scene.meeting.agenda.order_by("-order")]
            }
        },
        given=the_item,
    ),
    "meetings-attendance": Sample(kwargs=of_meeting, bodies={"POST": lambda scene: {"rows": [{"unit": "town"}]}}),
    "meetings-requirements": Sample(kwargs=of_meeting, bodies={"POST": lambda scene: {"rows": [DEMAND]}}),
    "meetings-minutes": Sample(kwargs=of_meeting, given=issued),
    "meetings-invitation": Sample(kwargs=of_meeting),
    "follow-ups-detail": Sample(kwargs=of_follow_up, given=assigned),
    "follow-up-evidence-list": Sample(
        kwargs=lambda scene: {"follow_up": FollowUp.objects.latest("pk").pk},
        bodies={"POST": lambda scene: {"name": "letter.txt", "content": "SXQgaXMgbW92ZWQu"}},
        given=in_state("in_hand"),
    ),
    "follow-up-evidence-detail": Sample(kwargs=of_file, given=proven),
    "follow-up-evidence-file": Sample(kwargs=of_file, given=proven),
    "follow-ups-assign": step_of("registered"),
    "follow-ups-accept": step_of("assigned"),
    "follow-ups-start": step_of("accepted"),
    "follow-ups-feedback": step_of("in_hand", text="Done."),
    "follow-ups-send-back": step_of("feedback", reason="The letter is missing."),
    "follow-ups-close": step_of("feedback"),
    "follow-ups-extend": step_of("in_hand", reason="Rain.", new_due_on="2022-10-15"),
    "follow-ups-grant-extension": Sample(
        kwargs=of_follow_up, bodies={"POST": lambda scene: {"new_due_on": "2022-10-15"}}, given=asked_extension
    ),
    "follow-ups-refuse-extension": Sample(
        kwargs=of_follow_up, bodies={"POST": lambda scene: {"reason": "No."}}, given=asked_extension
    ),
    "follow-ups-archive": step_of("closed"),
}
