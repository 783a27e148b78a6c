"""The addresses of the monthly cycle, its analysis, and its meetings."""

from django.urls import path

from campaigns.views import (
    actions,
    attachments,
    clock,
    exports,
    figures,
    imports,
    meetings,
    periods,
    report_form,
    reports,
    review,
    standings,
    units,
    work,
)

REPORT = "reports/<int:report_id>/"
FORM = "reports/<slug:campaign>/<str:month>/<slug:unit>/"

urlpatterns = [
    # the cycle
    path("", work.my_work, name="my_work"),
    path("sign/", work.sign, name="sign_reports"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/export.<slug:kind>", exports.reports, name="export_reports"),
    path(f"{FORM}", report_form.report_form, name="report_form"),
    path(f"{FORM}form.<slug:kind>", figures.figures_form, name="figures_form"),
    path(f"{FORM}import/", figures.import_form, name="import_figures"),
    path(f"{FORM}import/<int:upload_id>/", figures.preview, name="preview_figures"),
    path(f"{REPORT}", reports.report_detail, name="report"),
    path(f"{REPORT}save/", report_form.save, name="save_report"),
    path(f"{REPORT}submit/", report_form.submit, name="submit_report"),
    path(f"{REPORT}recall/", reports.recall, name="recall_report"),
    path(f"{REPORT}sign/", reports.sign, name="sign_report"),
    path(f"{REPORT}send-back/", reports.send_back, name="send_back_report"),
    path(f"{REPORT}approve/", reports.approve, name="approve_report"),
    path(f"{REPORT}attachments/", attachments.add_attachment, name="add_attachment"),
    path("attachments/<int:attachment_id>/", attachments.attachment, name="attachment"),
    path("attachments/<int:attachment_id>/remove/", attachments.remove_attachment, name="remove_attachment"),
    path("measurements/<int:measurement_id>/correct/", reports.correct, name="correct_measurement"),
    path("reports/reopen/<slug:campaign>/<str:month>/<slug:unit>/<int:number>/", reports.reopen, name="reopen_report"),
    path("review/", review.review, name="review"),
    path("review/export.<slug:kind>", exports.review, name="export_review"),
    path("review/approve/", review.approve_many, name="approve_reports"),
    # what it shows
    path("standings/", standings.standings_page, name="standings"),
    path("standings/export.<slug:kind>", exports.standings_table, name="export_standings"),
    path("actions/", actions.action_list, name="actions"),
    path("actions/export.<slug:kind>", exports.actions, name="export_actions"),
    path("actions/<slug:campaign>/<int:number>/export.<slug:kind>", exports.action, name="export_action"),
    path("actions/<slug:campaign>/<int:number>/", actions.action_page, name="action"),
    path("actions/<slug:campaign>/<int:number>/judge/", actions.judge, name="judge_likelihood"),
    path("actions/<slug:campaign>/<int:number>/accept-reason/", actions.accept, name="accept_reason"),
    path("actions/<slug:campaign>/<int:number>/withdraw-reason/", actions.withdraw, name="withdraw_reason"),
    path("units/<slug:code>/export.<slug:kind>", exports.unit, name="export_unit"),
    path("units/<slug:code>/", units.unit_page, name="unit"),
    # meetings
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/<int:meeting_id>/", meetings.meeting_page, name="meeting"),
    # the office
    path("periods/export.<slug:kind>", exports.periods, name="export_periods"),
    path("periods/", periods.period_list, name="periods"),
    path("periods/<slug:campaign>/<str:month>/close/", periods.close, name="close_period"),
    path("periods/<slug:campaign>/<str:month>/publish/", periods.publish, name="publish_period"),
    path("imports/", imports.index, name="imports"),
    path("imports/<slug:name>/", imports.import_table, name="import_table"),
    path("imports/<slug:name>/template.<slug:kind>", imports.template, name="table_template"),
    path("imports/<slug:name>/<int:upload_id>/", imports.preview, name="preview_table"),
    path("calendar/", periods.calendar, name="calendar"),
    path("clock/", clock.move, name="clock"),
]
