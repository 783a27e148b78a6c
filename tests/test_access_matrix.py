"""Every address of the site × every role × reading and writing: one table, and a test that holds the site against it.

The table fails when an address is missing from it, and when it names one that is no longer there. Bodies of POST are
right in themselves, so that a refusal comes from the permission alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Report
from tests.addresses import SAMPLES, Scene, address_of, addresses, build_scene, pages, sample_of
from tests.builders import bring_to
from tests.cast import Cast, client_of

ROLES = (
    "anonymous",
    "stranger",  # an account without a role
    "reporter",  # of the unit that the addresses name
    "head",  # of the same unit
    "outsider",  # reporter of another unit
    "outsider_head",
    "reviewer",  # in the action's lead department
    "other_reviewer",  # in another department
    "office",
    "leader",
    "administrator",
)

# 200 the page, 302 done (or, for who has not signed in, to the sign-in), 403 not theirs, 404 nothing there for them,
# 405 no such verb here.
TABLE = """
                              anon  stra  repo  head  outs  outh  revi  otre  offi  lead  admi
# open to everybody
GET   healthz                 200   200   200   200   200   200   200   200   200   200   200
POST  healthz                 405   405   405   405   405   405   405   405   405   405   405
GET   readyz                  200   200   200   200   200   200   200   200   200   200   200
POST  readyz                  405   405   405   405   405   405   405   405   405   405   405
GET   metrics                 200   200   200   200   200   200   200   200   200   200   200
POST  metrics                 405   405   405   405   405   405   405   405   405   405   405
GET   unsubscribe             200   200   200   200   200   200   200   200   200   200   200
POST  unsubscribe             200   200   200   200   200   200   200   200   200   200   200
GET   set_language            302   302   302   302   302   302   302   302   302   302   302
POST  set_language            302   302   302   302   302   302   302   302   302   302   302
GET   login                   200   302   302   302   302   302   302   302   302   302   302
POST  login                   302   302   302   302   302   302   302   302   302   302   302
GET   password_reset          200   200   200   200   200   200   200   200   200   200   200
POST  password_reset          302   302   302   302   302   302   302   302   302   302   302
GET   password_reset_done     200   200   200   200   200   200   200   200   200   200   200
POST  password_reset_done     405   405   405   405   405   405   405   405   405   405   405
GET   password_reset_complete 200   200   200   200   200   200   200   200   200   200   200
POST  password_reset_complete 405   405   405   405   405   405   405   405   405   405   405
GET   password_reset_confirm  200   200   200   200   200   200   200   200   200   200   200
POST  password_reset_confirm  200   200   200   200   200   200   200   200   200   200   200
GET   accept_invitation       200   200   200   200   200   200   200   200   200   200   200
POST  accept_invitation       200   200   200   200   200   200   200   200   200   200   200
GET   api_schema              200   200   200   200   200   200   200   200   200   200   200
POST  api_schema              405   405   405   405   405   405   405   405   405   405   405
GET   api_docs                200   200   200   200   200   200   200   200   200   200   200
POST  api_docs                405   405   405   405   405   405   405   405   405   405   405
GET   no_such_api_address     404   404   404   404   404   404   404   404   404   404   404
POST  no_such_api_address     404   404   404   404   404   404   404   404   404   404   404

# one's own
GET   logout                  302   405   405   405   405   405   405   405   405   405   405
POST  logout                  302   302   302   302   302   302   302   302   302   302   302
GET   password_change         302   200   200   200   200   200   200   200   200   200   200
POST  password_change         302   302   302   302   302   302   302   302   302   302   302
GET   profile                 302   200   200   200   200   200   200   200   200   200   200
POST  profile                 302   302   302   302   302   302   302   302   302   302   302
GET   set_mail                302   405   405   405   405   405   405   405   405   405   405
POST  set_mail                302   302   302   302   302   302   302   302   302   302   302
GET   my_work                 302   200   200   200   200   200   200   200   200   200   200
POST  my_work                 302   405   405   405   405   405   405   405   405   405   405
GET   inbox                   302   200   200   200   200   200   200   200   200   200   200
POST  inbox                   302   405   405   405   405   405   405   405   405   405   405
GET   inbox_read_all          302   405   405   405   405   405   405   405   405   405   405
POST  inbox_read_all          302   302   302   302   302   302   302   302   302   302   302
GET   inbox_open              302   404   302   404   404   404   404   404   404   404   404
POST  inbox_open              302   405   405   405   405   405   405   405   405   405   405
GET   inbox_read              302   405   405   405   405   405   405   405   405   405   405
POST  inbox_read              302   404   302   404   404   404   404   404   404   404   404

# what goes out, what runs in the background
GET   deliveries              302   403   403   403   403   403   403   403   200   403   200
POST  deliveries              302   405   405   405   405   405   405   405   405   405   405
GET   send_again              302   405   405   405   405   405   405   405   405   405   405
POST  send_again              302   403   403   403   403   403   403   403   302   403   302
GET   background              302   403   403   403   403   403   403   403   200   403   200
POST  background              302   405   405   405   405   405   405   405   405   405   405
GET   run_job                 302   405   405   405   405   405   405   405   405   405   405
POST  run_job                 302   403   403   403   403   403   403   403   302   403   302

# people
GET   people                  302   403   403   403   403   403   403   403   200   403   200
POST  people                  302   405   405   405   405   405   405   405   405   405   405
GET   add_person              302   403   403   403   403   403   403   403   200   403   200
POST  add_person              302   403   403   403   403   403   403   403   302   403   302
GET   person                  302   403   403   403   403   403   403   403   200   403   200
POST  person                  302   403   403   403   403   403   403   403   302   403   302
GET   deactivate_person       302   405   405   405   405   405   405   405   405   405   405
POST  deactivate_person       302   403   403   403   403   403   403   403   302   403   302
GET   reactivate_person       302   405   405   405   405   405   405   405   405   405   405
POST  reactivate_person       302   403   403   403   403   403   403   403   302   403   302
GET   invite_person           302   405   405   405   405   405   405   405   405   405   405
POST  invite_person           302   403   403   403   403   403   403   403   302   403   302
GET   give_role               302   405   405   405   405   405   405   405   405   405   405
POST  give_role               302   403   403   403   403   403   403   403   302   403   302
GET   role_dates              302   403   403   200   403   404   403   403   200   403   200
POST  role_dates              302   403   403   302   403   404   403   403   302   403   302
GET   end_role                302   405   405   405   405   405   405   405   405   405   405
POST  end_role                302   403   403   302   403   404   403   403   302   403   302
GET   stand_ins               302   403   403   200   403   200   403   403   200   403   200
POST  stand_ins               302   403   403   302   403   200   403   403   302   403   302
GET   import_people           302   403   403   403   403   403   403   403   200   403   200
POST  import_people           302   403   403   403   403   403   403   403   200   403   200
GET   confirm_import_people   302   405   405   405   405   405   405   405   405   405   405
POST  confirm_import_people   302   403   403   403   403   403   403   403   302   403   302
GET   people_template         302   403   403   403   403   403   403   403   200   403   200
POST  people_template         302   405   405   405   405   405   405   405   405   405   405

# reports of the unit
GET   reports                 302   200   200   200   200   200   200   200   200   200   200
POST  reports                 302   405   405   405   405   405   405   405   405   405   405
GET   report_form             302   404   200   200   404   404   404   404   200   200   200
POST  report_form             302   404   302   403   404   404   404   404   302   403   403
GET   figures_form            302   404   200   200   404   404   404   404   200   200   200
POST  figures_form            302   405   405   405   405   405   405   405   405   405   405
GET   import_figures          302   404   200   403   404   404   404   404   200   403   403
POST  import_figures          302   404   302   403   404   404   404   404   302   403   403
GET   preview_figures         302   404   200   403   404   404   404   404   404   403   403
POST  preview_figures         302   404   409   403   404   404   404   404   404   403   403
GET   report                  302   404   200   200   404   404   200   404   200   200   200
POST  report                  302   405   405   405   405   405   405   405   405   405   405
GET   save_report             302   405   405   405   405   405   405   405   405   405   405
POST  save_report             302   404   200   403   404   404   403   404   200   403   403
GET   submit_report           302   405   405   405   405   405   405   405   405   405   405
POST  submit_report           302   404   302   403   404   404   403   404   302   403   403
GET   recall_report           302   405   405   405   405   405   405   405   405   405   405
POST  recall_report           302   404   302   302   404   404   403   404   403   403   403
GET   sign_report             302   405   405   405   405   405   405   405   405   405   405
POST  sign_report             302   404   403   302   404   404   403   404   403   403   403
GET   sign_reports            302   405   405   405   405   405   405   405   405   405   405
POST  sign_reports            302   403   403   302   403   404   403   403   403   403   403
GET   send_back_report        302   405   405   405   405   405   405   405   405   405   405
POST  send_back_report        302   404   403   403   404   404   302   404   403   403   403
GET   approve_report          302   405   405   405   405   405   405   405   405   405   405
POST  approve_report          302   404   403   403   404   404   302   404   403   403   403
GET   approve_reports         302   405   405   405   405   405   405   405   405   405   405
POST  approve_reports         302   403   403   403   403   403   302   404   302   403   403
GET   add_attachment          302   405   405   405   405   405   405   405   405   405   405
POST  add_attachment          302   404   200   403   404   404   403   404   200   403   403
GET   attachment              302   404   200   200   404   404   200   404   200   200   200
POST  attachment              302   405   405   405   405   405   405   405   405   405   405
GET   remove_attachment       302   405   405   405   405   405   405   405   405   405   405
POST  remove_attachment       302   404   302   403   404   404   403   404   302   403   403
GET   correct_measurement     302   404   403   403   404   404   403   404   200   403   403
POST  correct_measurement     302   404   403   403   404   404   403   404   302   403   403
GET   reopen_report           302   404   403   403   404   404   403   404   200   403   403
POST  reopen_report           302   404   403   403   404   404   403   404   302   403   403
GET   review                  302   403   403   403   403   403   200   200   200   403   403
POST  review                  302   405   405   405   405   405   405   405   405   405   405

# what they show, once published
GET   dashboard               302   200   200   200   200   200   200   200   200   200   200
POST  dashboard               302   405   405   405   405   405   405   405   405   405   405
GET   standings               302   200   200   200   200   200   200   200   200   200   200
POST  standings               302   405   405   405   405   405   405   405   405   405   405
GET   actions                 302   200   200   200   200   200   200   200   200   200   200
POST  actions                 302   405   405   405   405   405   405   405   405   405   405
GET   action                  302   200   200   200   200   200   200   200   200   200   200
POST  action                  302   405   405   405   405   405   405   405   405   405   405
GET   completeness            302   200   200   200   200   200   200   200   200   200   200
POST  completeness            302   405   405   405   405   405   405   405   405   405   405
GET   chase_reports           302   405   405   405   405   405   405   405   405   405   405
POST  chase_reports           302   403   403   403   403   403   403   403   302   403   403
GET   campaigns               302   200   200   200   200   200   200   200   200   200   200
POST  campaigns               302   405   405   405   405   405   405   405   405   405   405
GET   copy_campaign           302   403   403   403   403   403   403   403   200   403   200
POST  copy_campaign           302   403   403   403   403   403   403   403   302   403   302
GET   earlier_year            302   200   200   200   200   200   200   200   200   200   200
POST  earlier_year            302   405   405   405   405   405   405   405   405   405   405
GET   closing                 302   200   200   200   200   200   200   200   200   200   200
POST  closing                 302   405   405   405   405   405   405   405   405   405   405
GET   judge_likelihood        302   405   405   405   405   405   405   405   405   405   405
POST  judge_likelihood        302   403   403   403   403   403   302   403   403   403   403
GET   accept_reason           302   405   405   405   405   405   405   405   405   405   405
POST  accept_reason           302   403   403   403   403   403   302   403   403   403   403
GET   withdraw_reason         302   405   405   405   405   405   405   405   405   405   405
POST  withdraw_reason         302   403   403   403   403   403   302   403   403   403   403
GET   unit                    302   200   200   200   200   200   200   200   200   200   200
POST  unit                    302   405   405   405   405   405   405   405   405   405   405
GET   screen                  302   200   200   200   200   200   200   200   200   200   200
POST  screen                  302   405   405   405   405   405   405   405   405   405   405
GET   screen_content          302   200   200   200   200   200   200   200   200   200   200
POST  screen_content          302   405   405   405   405   405   405   405   405   405   405
GET   compare                 302   200   200   200   200   200   200   200   200   200   200
POST  compare                 302   405   405   405   405   405   405   405   405   405   405
GET   meetings                302   200   200   200   200   200   200   200   200   200   200
POST  meetings                302   405   405   405   405   405   405   405   405   405   405
GET   meeting                 302   200   200   200   200   200   200   200   200   200   200
POST  meeting                 302   405   405   405   405   405   405   405   405   405   405
GET   present_meeting         302   200   200   200   200   200   200   200   200   200   200
POST  present_meeting         302   405   405   405   405   405   405   405   405   405   405
GET   packs                   302   403   403   200   403   200   200   200   200   200   200
POST  packs                   302   405   405   405   405   405   405   405   405   405   405
GET   pack                    302   404   404   200   404   200   200   200   200   200   200
POST  pack                    302   405   405   405   405   405   405   405   405   405   405
GET   pack_file               302   404   404   200   404   200   200   200   200   200   200
POST  pack_file               302   405   405   405   405   405   405   405   405   405   405
GET   awards                  302   200   200   200   200   200   200   200   200   200   200
POST  awards                  302   405   405   405   405   405   405   405   405   405   405

# as files
GET   export_people           302   403   403   403   403   403   403   403   200   403   200
POST  export_people           302   405   405   405   405   405   405   405   405   405   405
GET   export_reports          302   200   200   200   200   200   200   200   200   200   200
POST  export_reports          302   405   405   405   405   405   405   405   405   405   405
GET   export_review           302   403   403   403   403   403   200   200   200   403   403
POST  export_review           302   405   405   405   405   405   405   405   405   405   405
GET   export_standings        302   200   200   200   200   200   200   200   200   200   200
POST  export_standings        302   405   405   405   405   405   405   405   405   405   405
GET   export_compare          302   200   200   200   200   200   200   200   200   200   200
POST  export_compare          302   405   405   405   405   405   405   405   405   405   405
GET   export_actions          302   200   200   200   200   200   200   200   200   200   200
POST  export_actions          302   405   405   405   405   405   405   405   405   405   405
GET   export_completeness     302   200   200   200   200   200   200   200   200   200   200
POST  export_completeness     302   405   405   405   405   405   405   405   405   405   405
GET   export_action           302   200   200   200   200   200   200   200   200   200   200
POST  export_action           302   405   405   405   405   405   405   405   405   405   405
GET   export_unit             302   200   200   200   200   200   200   200   200   200   200
POST  export_unit             302   405   405   405   405   405   405   405   405   405   405
GET   export_closing          302   200   200   200   200   200   200   200   200   200   200
POST  export_closing          302   405   405   405   405   405   405   405   405   405   405
GET   export_periods          302   403   403   403   403   403   403   403   200   403   403
POST  export_periods          302   405   405   405   405   405   405   405   405   405   405
GET   export_meetings         302   200   200   200   200   200   200   200   200   200   200
POST  export_meetings         302   405   405   405   405   405   405   405   405   405   405
GET   export_packs            302   403   403   200   403   200   200   200   200   200   200
POST  export_packs            302   405   405   405   405   405   405   405   405   405   405
GET   export_campaigns        302   200   200   200   200   200   200   200   200   200   200
POST  export_campaigns        302   405   405   405   405   405   405   405   405   405   405
GET   export_awards           302   200   200   200   200   200   200   200   200   200   200
POST  export_awards           302   405   405   405   405   405   405   405   405   405   405
# award rounds: everybody reads them, each step is for those of `awards.domain.round_life.WHO_MAY`
GET   adjust_round            302   405   405   405   405   405   405   405   405   405   405
POST  adjust_round            302   403   403   403   403   403   403   403   302   403   403
GET   announce_round          302   403   403   403   403   403   403   403   403   403   200
POST  announce_round          302   403   403   403   403   403   403   403   403   403   302
GET   answer_appeal           302   405   405   405   405   405   405   405   405   405   405
POST  answer_appeal           302   403   403   403   403   403   403   403   302   403   403
GET   appeal_round            302   405   405   405   405   405   405   405   405   405   405
POST  appeal_round            302   403   302   302   400   400   403   403   403   403   403
GET   award_evidence          302   404   404   404   404   404   404   404   200   200   200
POST  award_evidence          302   405   405   405   405   405   405   405   405   405   405
GET   award_round             302   200   200   200   200   200   200   200   200   200   200
POST  award_round             302   405   405   405   405   405   405   405   405   405   405
GET   compute_round           302   405   405   405   405   405   405   405   405   405   405
POST  compute_round           302   403   403   403   403   403   403   403   302   403   403
GET   decide_round            302   405   405   405   405   405   405   405   405   405   405
POST  decide_round            302   403   403   403   403   403   403   403   403   403   302
GET   open_round              302   403   403   403   403   403   403   403   200   403   403
POST  open_round              302   403   403   403   403   403   403   403   302   403   403
GET   place_round             302   405   405   405   405   405   405   405   405   405   405
POST  place_round             302   403   403   403   403   403   403   403   302   403   403
GET   publicise_round         302   405   405   405   405   405   405   405   405   405   405
POST  publicise_round         302   403   403   403   403   403   403   403   302   403   403
GET   review_round            302   405   405   405   405   405   405   405   405   405   405
POST  review_round            302   403   403   403   403   403   403   403   302   403   403
GET   revise_round            302   405   405   405   405   405   405   405   405   405   405
POST  revise_round            302   403   403   403   403   403   403   403   403   403   302
GET   round_marks             302   403   403   403   403   403   403   403   200   403   403
POST  round_marks             302   403   403   403   403   403   403   403   302   403   403
GET   round_snapshot          302   200   200   200   200   200   200   200   200   200   200
POST  round_snapshot          302   405   405   405   405   405   405   405   405   405   405
GET   schemes                 302   403   403   403   403   403   403   403   200   403   200
POST  schemes                 302   405   405   405   405   405   405   405   405   405   405
GET   new_scheme              302   403   403   403   403   403   403   403   403   403   200
POST  new_scheme              302   403   403   403   403   403   403   403   403   403   302
GET   edit_scheme             302   403   403   403   403   403   403   403   403   403   200
POST  edit_scheme             302   403   403   403   403   403   403   403   403   403   302
GET   round_what_if           302   403   403   403   403   403   403   403   200   403   200
POST  round_what_if           302   403   403   403   403   403   403   403   200   403   200
GET   score_sheet             302   404   404   404   404   404   404   404   200   200   200
POST  score_sheet             302   405   405   405   405   405   405   405   405   405   405
GET   withdraw_adjustment     302   405   405   405   405   405   405   405   405   405   405
POST  withdraw_adjustment     302   403   403   403   403   403   403   403   302   403   403
GET   withdraw_decision       302   405   405   405   405   405   405   405   405   405   405
POST  withdraw_decision       302   403   403   403   403   403   403   403   403   403   302
GET   score_sheet_file        302   200   200   200   200   200   200   200   200   200   200
POST  score_sheet_file        302   405   405   405   405   405   405   405   405   405   405
GET   publicity_notice_file   302   200   200   200   200   200   200   200   200   200   200
POST  publicity_notice_file   302   405   405   405   405   405   405   405   405   405   405
GET   bulletin_file           302   200   200   200   200   200   200   200   200   200   200
POST  bulletin_file           302   405   405   405   405   405   405   405   405   405   405
GET   certificate_file        302   200   200   200   200   200   200   200   200   200   200
POST  certificate_file        302   405   405   405   405   405   405   405   405   405   405

# tables of the office, and work in the background
GET   imports                 302   403   403   403   403   403   403   403   200   403   200
POST  imports                 302   405   405   405   405   405   405   405   405   405   405
GET   import_table            302   403   403   403   403   403   403   403   200   403   200
POST  import_table            302   403   403   403   403   403   403   403   302   403   302
GET   table_template          302   403   403   403   403   403   403   403   200   403   200
POST  table_template          302   405   405   405   405   405   405   405   405   405   405
GET   preview_table           302   403   403   403   403   403   403   403   200   403   404
POST  preview_table           302   403   403   403   403   403   403   403   409   403   404
GET   jobs                    302   200   200   200   200   200   200   200   200   200   200
POST  jobs                    302   405   405   405   405   405   405   405   405   405   405
GET   job                     302   404   200   404   404   404   404   404   404   404   404
POST  job                     302   405   405   405   405   405   405   405   405   405   405
GET   job_state               302   404   200   404   404   404   404   404   404   404   404
POST  job_state               302   405   405   405   405   405   405   405   405   405   405
GET   job_file                302   404   200   404   404   404   404   404   404   404   404
POST  job_file                302   405   405   405   405   405   405   405   405   405   405

# projects: the town's, which the trade bureau leads
GET   projects                302   200   200   200   200   200   200   200   200   200   200
POST  projects                302   405   405   405   405   405   405   405   405   405   405
GET   export_projects         302   200   200   200   200   200   200   200   200   200   200
POST  export_projects         302   405   405   405   405   405   405   405   405   405   405
GET   project                 302   404   200   200   404   404   200   404   200   200   200
POST  project                 302   405   405   405   405   405   405   405   405   405   405
GET   project_photo           302   404   200   200   404   404   200   404   200   200   200
POST  project_photo           302   405   405   405   405   405   405   405   405   405   405
GET   project_update          302   404   200   403   404   404   403   404   200   403   403
POST  project_update          302   404   302   403   404   404   403   404   302   403   403
GET   set_project_stage       302   405   405   405   405   405   405   405   405   405   405
POST  set_project_stage       302   404   403   403   404   404   302   404   302   403   302
GET   exit_project            302   405   405   405   405   405   405   405   405   405   405
POST  exit_project            302   404   403   403   404   404   403   404   302   403   302

# early warnings of the town's project, which the trade bureau leads
GET   warnings                302   200   200   200   200   200   200   200   200   200   200
POST  warnings                302   405   405   405   405   405   405   405   405   405   405
GET   export_warnings         302   200   200   200   200   200   200   200   200   200   200
POST  export_warnings         302   405   405   405   405   405   405   405   405   405   405
GET   warnings_for_meeting    302   200   200   200   200   200   200   200   200   200   200
POST  warnings_for_meeting    302   405   405   405   405   405   405   405   405   405   405
GET   warnings_file           302   200   200   200   200   200   200   200   200   200   200
POST  warnings_file           302   405   405   405   405   405   405   405   405   405   405
GET   warning                 302   404   200   200   404   404   200   404   200   200   200
POST  warning                 302   405   405   405   405   405   405   405   405   405   405
GET   warning_slip            302   404   200   200   404   404   200   404   200   200   200
POST  warning_slip            302   405   405   405   405   405   405   405   405   405   405
GET   explain_warning         302   405   405   405   405   405   405   405   405   405   405
POST  explain_warning         302   404   302   302   404   404   403   404   403   403   403
GET   measure_warning         302   405   405   405   405   405   405   405   405   405   405
POST  measure_warning         302   404   302   302   404   404   302   404   403   403   403
GET   accept_warning_reason   302   405   405   405   405   405   405   405   405   405   405
POST  accept_warning_reason   302   404   403   403   404   404   302   404   403   403   403
GET   escalate_warning        302   405   405   405   405   405   405   405   405   405   405
POST  escalate_warning        302   404   403   403   404   404   302   404   302   403   403
GET   clear_warning           302   405   405   405   405   405   405   405   405   405   405
POST  clear_warning           302   404   403   403   404   404   302   404   403   403   403

# meetings, arranged; the town presents the second of two items
GET   new_meeting             302   403   403   403   403   403   403   403   200   403   200
POST  new_meeting             302   403   403   403   403   403   403   403   302   403   302
GET   edit_meeting            302   403   403   403   403   403   403   403   200   403   200
POST  edit_meeting            302   403   403   403   403   403   403   403   302   403   302
GET   cancel_meeting          302   405   405   405   405   405   405   405   405   405   405
POST  cancel_meeting          302   403   403   403   403   403   403   403   302   403   302
GET   next_meeting            302   405   405   405   405   405   405   405   405   405   405
POST  next_meeting            302   403   403   403   403   403   403   403   302   403   302
GET   begin_series            302   405   405   405   405   405   405   405   405   405   405
POST  begin_series            302   403   403   403   403   403   403   403   302   403   302
GET   agenda                  302   403   403   403   403   403   403   403   200   403   200
POST  agenda                  302   403   403   403   403   403   403   403   302   403   302
GET   reorder_agenda          302   405   405   405   405   405   405   405   405   405   405
POST  reorder_agenda          302   403   403   403   403   403   403   403   302   403   302
GET   agenda_item             302   403   403   403   403   403   403   403   200   403   200
POST  agenda_item             302   403   403   403   403   403   403   403   302   403   302
GET   move_agenda_item        302   405   405   405   405   405   405   405   405   405   405
POST  move_agenda_item        302   403   403   403   403   403   403   403   302   403   302
GET   remove_agenda_item      302   405   405   405   405   405   405   405   405   405   405
POST  remove_agenda_item      302   403   403   403   403   403   403   403   302   403   302
GET   edit_attendance         302   403   403   403   403   403   403   403   200   403   200
POST  edit_attendance         302   403   403   403   403   403   403   403   302   403   302
GET   edit_requirements       302   403   403   403   403   403   403   403   200   403   200
POST  edit_requirements       302   403   403   403   403   403   403   403   302   403   302
GET   invitation              302   200   200   200   200   200   200   200   200   200   200
POST  invitation              302   405   405   405   405   405   405   405   405   405   405
GET   meeting_papers          302   200   200   200   200   200   200   200   200   200   200
POST  meeting_papers          302   405   405   405   405   405   405   405   405   405   405
GET   papers_file             302   404   200   200   200   200   404   404   200   200   200
POST  papers_file             302   405   405   405   405   405   405   405   405   405   405
GET   paper_file              302   404   200   200   404   404   404   404   200   200   200
POST  paper_file              302   405   405   405   405   405   405   405   405   405   405
GET   hand_in_paper           302   405   405   405   405   405   405   405   405   405   405
POST  hand_in_paper           302   403   302   302   403   403   403   403   302   403   403
GET   take_back_paper         302   405   405   405   405   405   405   405   405   405   405
POST  take_back_paper         302   403   302   302   403   403   403   403   302   403   403
GET   add_agenda_paper        302   405   405   405   405   405   405   405   405   405   405
POST  add_agenda_paper        302   403   302   302   403   403   403   403   302   403   403
GET   agenda_paper            302   404   200   200   404   404   404   404   200   200   200
POST  agenda_paper            302   405   405   405   405   405   405   405   405   405   405
GET   remove_agenda_paper     302   405   405   405   405   405   405   405   405   405   405
POST  remove_agenda_paper     302   404   302   302   404   404   404   404   302   403   403

# follow-ups: one that the town leads
GET   follow_ups              302   200   200   200   200   200   200   200   200   200   200
POST  follow_ups              302   405   405   405   405   405   405   405   405   405   405
GET   export_follow_ups       302   200   200   200   200   200   200   200   200   200   200
POST  export_follow_ups       302   405   405   405   405   405   405   405   405   405   405
GET   meeting_follow_ups      302   200   200   200   200   200   200   200   200   200   200
POST  meeting_follow_ups      302   405   405   405   405   405   405   405   405   405   405
GET   edit_minutes            302   403   403   403   403   403   403   403   200   403   403
POST  edit_minutes            302   403   403   403   403   403   403   403   302   403   403
GET   issue_minutes           302   405   405   405   405   405   405   405   405   405   405
POST  issue_minutes           302   403   403   403   403   403   403   403   302   403   403
GET   revise_minutes          302   405   405   405   405   405   405   405   405   405   405
POST  revise_minutes          302   403   403   403   403   403   403   403   302   403   403
GET   minutes_file            302   200   200   200   200   200   200   200   200   200   200
POST  minutes_file            302   405   405   405   405   405   405   405   405   405   405
GET   new_follow_up           302   403   403   403   403   403   403   403   200   403   403
POST  new_follow_up           302   403   403   403   403   403   403   403   302   403   403
GET   close_follow_ups        302   405   405   405   405   405   405   405   405   405   405
POST  close_follow_ups        302   403   403   403   403   403   403   403   302   403   403
GET   follow_up               302   404   200   200   404   404   404   404   200   200   200
POST  follow_up               302   405   405   405   405   405   405   405   405   405   405
GET   follow_up_step          302   405   405   405   405   405   405   405   405   405   405
POST  follow_up_step          302   404   403   403   404   404   404   404   302   403   403
GET   add_evidence            302   405   405   405   405   405   405   405   405   405   405
POST  add_evidence            302   404   302   302   404   404   404   404   403   403   403
GET   evidence                302   404   200   200   404   404   404   404   200   200   200
POST  evidence                302   405   405   405   405   405   405   405   405   405   405

# the office and the administrator
GET   periods                 302   403   403   403   403   403   403   403   200   403   403
POST  periods                 302   405   405   405   405   405   405   405   405   405   405
GET   close_period            302   403   403   403   403   403   403   403   200   403   403
POST  close_period            302   403   403   403   403   403   403   403   302   403   403
GET   publish_period          302   403   403   403   403   403   403   403   200   403   403
POST  publish_period          302   403   403   403   403   403   403   403   302   403   403
GET   build_pack              302   405   405   405   405   405   405   405   405   405   405
POST  build_pack              302   403   403   403   403   403   403   403   302   403   403
GET   save_pack               302   405   405   405   405   405   405   405   405   405   405
POST  save_pack               302   404   404   404   404   404   404   404   302   403   403
GET   issue_pack              302   404   404   403   404   403   403   403   200   403   403
POST  issue_pack              302   404   404   404   404   404   404   404   302   403   403
GET   pack_template           302   403   403   403   403   403   403   403   200   403   403
POST  pack_template           302   403   403   403   403   403   403   403   302   403   403
GET   pack_template_file      302   403   403   403   403   403   403   403   200   403   403
POST  pack_template_file      302   405   405   405   405   405   405   405   405   405   405
GET   withdraw_pack_template  302   405   405   405   405   405   405   405   405   405   405
POST  withdraw_pack_template  302   403   403   403   403   403   403   403   302   403   403
GET   calendar                302   403   403   403   403   403   403   403   200   403   403
POST  calendar                302   403   403   403   403   403   403   403   302   403   403
GET   clock                   302   403   403   403   403   403   403   403   403   403   200
POST  clock                   302   403   403   403   403   403   403   403   403   403   302
"""

Statuses = dict[str, int]


def read_table() -> dict[tuple[str, str], Statuses]:
    """Statuses by role, for each verb and address."""
    rows = {}
    for line in TABLE.strip().splitlines():
        words = line.split()
        if words and words[0] in ("GET", "POST"):
            verb, name, *statuses = words
            assert (verb, name) not in rows, f"{verb} {name} is in the table twice"
            rows[verb, name] = dict(zip(ROLES, map(int, statuses), strict=True))
    return rows


EXPECTED = read_table()
NAMES = list(dict.fromkeys(name for _verb, name in EXPECTED))


def test_the_table_has_every_address_and_no_other() -> None:
    nameless = [route for name, route in addresses() if not name]
    assert not nameless, f"addresses without a name: {nameless}"
    assert set(pages()) == set(NAMES)
    assert all((verb, name) in EXPECTED for name in NAMES for verb in ("GET", "POST"))


# --- what each role gets --------------------------------------------------------------------------------------------


@pytest.fixture
def scene(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene(cast_with_july)


def ask(client: Client, scene: Scene, verb: str, name: str) -> int:
    """The status of one request, after which everything is as before."""
    sample, cookies = sample_of(name), client.cookies.copy()
    try:
        with transaction.atomic():
            if verb == "POST" and sample.given is not None:
                sample.given(scene)
            url = address_of(name, scene)
            answer = client.get(url) if verb == "GET" else client.post(url, dict(sample.body(scene)))
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer.status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_from_each_address_what_the_table_says(scene: Scene, role: str) -> None:
    client = Client() if role == "anonymous" else client_of(getattr(scene.cast, role))
    client.raise_request_exception = False
    wrong = []
    for (verb, name), statuses in EXPECTED.items():
        status = ask(client, scene, verb, name)
        if status != statuses[role]:
            wrong.append(f"{verb} {name}: {status} instead of {statuses[role]}")
    assert not wrong, "\n".join(wrong)


# --- what cannot be guessed -----------------------------------------------------------------------------------------

NOWHERE = (0, 999_999, 2**63, 10**30)
"""Ids that no row has."""
BY_ID = {
    "inbox_open": "message_id",
    "inbox_read": "message_id",
    "report": "report_id",
    "save_report": "report_id",
    "submit_report": "report_id",
    "recall_report": "report_id",
    "sign_report": "report_id",
    "send_back_report": "report_id",
    "approve_report": "report_id",
    "add_attachment": "report_id",
    "attachment": "attachment_id",
    "remove_attachment": "attachment_id",
    "correct_measurement": "measurement_id",
    "warning": "warning_id",
    "explain_warning": "warning_id",
    "measure_warning": "warning_id",
    "accept_warning_reason": "warning_id",
    "escalate_warning": "warning_id",
    "clear_warning": "warning_id",
    "job": "job_id",
    "job_state": "job_id",
    "job_file": "job_id",
}
BY_UNIT = ("report_form", "reopen_report")


def answer_to(client: Client, scene: Scene, verb: str, name: str, kwargs: Mapping[str, Any]) -> tuple[int, bytes]:
    """Status and body, without the token that is another in every answer."""
    with transaction.atomic():
        url = reverse(name, kwargs=dict(kwargs))
        body = dict(SAMPLES[name].body(scene))
        answer = client.get(url) if verb == "GET" else client.post(url, body)
        transaction.set_rollback(True)
    page = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", page).replace(url.encode(), b"")


@pytest.mark.parametrize("role", ["stranger", "outsider", "outsider_head", "other_reviewer"])
def test_another_units_rows_answer_as_rows_that_do_not_exist(scene: Scene, role: str) -> None:
    client = client_of(getattr(scene.cast, role))
    told_apart = []
    for name, key in BY_ID.items():
        for verb in ("GET", "POST"):
            real = answer_to(client, scene, verb, name, SAMPLES[name].kwargs(scene))
            if real[0] != 405:
                assert real[0] == 404, f"{verb} {name}"
            made_up = {answer_to(client, scene, verb, name, {key: number}) for number in NOWHERE}
            told_apart += [f"{verb} {name}"] if made_up != {real} else []
    assert not told_apart


@pytest.mark.parametrize("role", ["stranger", "outsider", "outsider_head", "other_reviewer"])
def test_another_units_form_answers_as_the_form_of_a_unit_that_does_not_exist(scene: Scene, role: str) -> None:
    client = client_of(getattr(scene.cast, role))
    for name in BY_UNIT:
        for verb in ("GET", "POST"):
            kwargs = dict(SAMPLES[name].kwargs(scene))
            real = answer_to(client, scene, verb, name, kwargs)
            assert real[0] == 404
            assert answer_to(client, scene, verb, name, {**kwargs, "unit": "no-such-unit"}) == real


def test_signing_and_approving_many_tell_nothing_of_reports_elsewhere(scene: Scene) -> None:
    bring_to(scene.cast, S.TO_SIGN)
    report, other_head, other_reviewer = scene.report, scene.cast.outsider_head, scene.cast.other_reviewer
    for person, name, sign in ((other_head, "sign_reports", ":"), (other_reviewer, "approve_reports", "-")):
        client = client_of(person)
        answers = [client.post(reverse(name), {"report": f"{number}{sign}1"}) for number in (report.pk, 999_999)]
        assert [one.status_code for one in answers] == [404, 404]
    assert scene.report.status == S.TO_SIGN


def test_one_foreign_report_among_own_ones_signs_nothing(scene: Scene) -> None:
    own, foreign = bring_to(scene.cast, S.TO_SIGN), bring_to(scene.cast, S.TO_SIGN, unit=scene.cast.neighbour)
    body = {"report": [f"{one.pk}:{one.version}" for one in (own, foreign)]}
    assert client_of(scene.cast.head).post(reverse("sign_reports"), body).status_code == 404
    assert {one.status for one in Report.objects.filter(pk__in=[own.pk, foreign.pk])} == {S.TO_SIGN}


# --- the administration ---------------------------------------------------------------------------------------------

# Without the mark "may enter the administration" every address of it leads to its sign-in; a role alone opens nothing.
ADMIN_TABLE = """
                       anon  role  admi
login                  200   200   302
logout                 302   302   405
index                  302   302   200
password_change        302   302   302
password_change_done   302   302   200
jsi18n                 302   302   200
autocomplete           302   302   403
view_on_site           302   302   404
app_list               302   302   200
*_password_change      302   302   200
*_changelist           302   302   200
*_add                  302   302   *
*_change               302   302   *
*_delete               302   302   *
*_history              302   302   *
(nameless)             302   302   *
"""
ADMIN = {line.split()[0]: line.split()[1:] for line in ADMIN_TABLE.strip().splitlines()[1:]}
"""`*`: as the page of the model says, which the tests of the administration look at."""


def admin_group(name: str) -> str:
    own = name.removeprefix("admin:")
    if own in ADMIN:
        return own
    return next((one for one in ADMIN if one.startswith("*_") and own.endswith(one[1:])), "(nameless)")


def admin_addresses(scene: Scene) -> Iterator[tuple[str, str]]:
    """One address of every group for every model, and the group."""
    for name, route in addresses():
        if not name.startswith("admin:"):
            continue
        kwargs: dict[str, Any] = {}
        if "content_type_id" in route:
            kwargs = {"content_type_id": 1, "object_id": 1}
        elif "object_id" in route or "<id>" in route:
            kwargs = {"id" if "<id>" in route else "object_id": scene.cast.stranger.pk}
        elif "app_label" in route:
            kwargs = {"app_label": "units"}
        if name != "admin:":
            yield admin_group(name), reverse(name, kwargs=kwargs)


def is_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(("/accounts/login/?", "/admin/login/?"))


@pytest.mark.parametrize("role", ["anonymous", "office", "administrator"])
def test_the_administration_is_closed_to_all_but_its_own_people(scene: Scene, role: str) -> None:
    client = Client() if role == "anonymous" else client_of(getattr(scene.cast, role))
    column = {"anonymous": 0, "administrator": 2}.get(role, 1)
    wrong, groups = [], set()
    for group, url in admin_addresses(scene):
        groups.add(group)
        expected = ADMIN[group][column]
        if expected == "*":
            continue
        answer = client.get(url)
        if answer.status_code != int(expected):
            wrong.append(f"GET {url} ({group}): {answer.status_code} instead of {expected}")
        if column != 2 and group not in ("login", "logout"):
            refused = client.post(url, {"action": "delete_selected", "_selected_action": "1"})
            wrong += [f"{verb} {url}" for verb, one in (("GET", answer), ("POST", refused)) if not is_to_sign_in(one)]
    assert not wrong, "\n".join(wrong[:20])
    assert groups >= set(ADMIN) - {"(nameless)"}
