"""The addresses of the awards."""

from django.urls import path

from awards.views import (
    announcements,
    awards,
    closing,
    papers,
    round_files,
    round_marks,
    round_steps,
    rounds,
    schemes,
    score_sheet,
    what_if,
)

urlpatterns = [
    path("awards/", awards.awards, name="awards"),
    path("awards/export.<slug:kind>", awards.export, name="export_awards"),
    path("awards/schemes/", schemes.schemes, name="schemes"),
    path("awards/schemes/new/", schemes.new_scheme, name="new_scheme"),
    path("awards/schemes/<int:scheme_id>/", schemes.edit_scheme, name="edit_scheme"),
    path("awards/rounds/new/", rounds.new_round, name="open_round"),
    path("awards/rounds/<int:round_id>/", rounds.award_round, name="award_round"),
    path("awards/rounds/<int:round_id>/marks/", round_marks.round_marks, name="round_marks"),
    path("awards/rounds/<int:round_id>/compute/", round_steps.compute, name="compute_round"),
    path("awards/rounds/<int:round_id>/review/", round_steps.review, name="review_round"),
    path("awards/rounds/<int:round_id>/publicise/", round_steps.publicise, name="publicise_round"),
    path("awards/rounds/<int:round_id>/adjust/", round_steps.adjust, name="adjust_round"),
    path("awards/rounds/<int:round_id>/take-back/", round_steps.take_back, name="withdraw_adjustment"),
    path("awards/rounds/<int:round_id>/appeal/", round_steps.appeal, name="appeal_round"),
    path("awards/rounds/<int:round_id>/answer/", round_steps.answer, name="answer_appeal"),
    path("awards/rounds/<int:round_id>/decide/", round_steps.decide, name="decide_round"),
    path("awards/rounds/<int:round_id>/withdraw/", round_steps.withdraw, name="withdraw_decision"),
    path("awards/rounds/<int:round_id>/place/", round_steps.place, name="place_round"),
    path("awards/rounds/<int:round_id>/revise/", round_steps.revise, name="revise_round"),
    path("awards/rounds/<int:round_id>/announce/", announcements.announce, name="announce_round"),
    path("awards/rounds/<int:round_id>/sheet/", score_sheet.sheet, name="score_sheet"),
    path("awards/rounds/<int:round_id>/what-if/", what_if.what_if, name="round_what_if"),
    path("awards/rounds/<int:round_id>/snapshot/", round_files.snapshot, name="round_snapshot"),
    path("awards/evidence/<int:adjustment_id>/", round_files.evidence, name="award_evidence"),
    path("awards/rounds/<int:round_id>/scores.xlsx", papers.score_sheet_file, name="score_sheet_file"),
    path("awards/rounds/<int:round_id>/bulletin.<slug:kind>", papers.bulletin_file, name="bulletin_file"),
    path(
        "awards/rounds/<int:round_id>/publicity.<slug:kind>",
        papers.publicity_notice_file,
        name="publicity_notice_file",
    ),
    path("awards/rounds/<int:round_id>/certificates/<slug:unit>.pdf", papers.certificate_file, name="certificate_file"),
    path("campaigns/<slug:campaign>/closing/", closing.closing_page, name="closing"),
    path("campaigns/<slug:campaign>/closing/export.<slug:kind>", closing.export, name="export_closing"),
]
