"""The addresses of people and their messages."""

from django.contrib.auth.views import LogoutView, PasswordResetCompleteView, PasswordResetDoneView
from django.urls import path

from units.views import (
    accounts,
    deliveries,
    inbox,
    jobs,
    memberships,
    people,
    people_import,
    preferences,
    profile,
)

LINK = "<uidb64>/<token>/"
PERSON = "people/<int:person_id>/"
MEMBERSHIP = "people/roles/<int:membership_id>/"

urlpatterns = [
    # accounts
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/password/", accounts.ChangePassword.as_view(), name="password_change"),
    path("accounts/reset/", accounts.ForgottenPassword.as_view(), name="password_reset"),
    path("accounts/reset/sent/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("accounts/reset/done/", PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path(f"accounts/reset/{LINK}", accounts.ResetPassword.as_view(), name="password_reset_confirm"),
    path(f"accounts/invitation/{LINK}", accounts.AcceptInvitation.as_view(), name="accept_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/mail/", preferences.set_mail, name="set_mail"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    # people
    path("people/", people.people_list, name="people"),
    path("people/export.<slug:kind>", people.export, name="export_people"),
    path("people/new/", people.add, name="add_person"),
    path(f"{PERSON}", people.person, name="person"),
    path(f"{PERSON}deactivate/", people.deactivate, name="deactivate_person"),
    path(f"{PERSON}reactivate/", people.reactivate, name="reactivate_person"),
    path(f"{PERSON}invite/", people.invite, name="invite_person"),
    path(f"{PERSON}roles/", memberships.give, name="give_role"),
    path(f"{MEMBERSHIP}", memberships.dates, name="role_dates"),
    path(f"{MEMBERSHIP}end/", memberships.end, name="end_role"),
    path("people/stand-ins/", memberships.stand_ins, name="stand_ins"),
    path("people/import/", people_import.import_people, name="import_people"),
    path("people/import/confirm/", people_import.confirm, name="confirm_import_people"),
    path("people/import/template.csv", people_import.template, name="people_template"),
    # messages
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:message_id>/", inbox.inbox_open, name="inbox_open"),
    path("inbox/<int:message_id>/read/", inbox.inbox_read, name="inbox_read"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/again/", deliveries.send_again, name="send_again"),
    # work in the background
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/state", jobs.job_state, name="job_state"),
    path("jobs/<int:job_id>/file", jobs.job_file, name="job_file"),
]
