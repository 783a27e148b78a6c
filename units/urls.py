"""The addresses of people and their messages."""

from django.urls import path

from units.views import inbox

urlpatterns = [
    # messages
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:message_id>/", inbox.inbox_open, name="inbox_open"),
    path("inbox/<int:message_id>/read/", inbox.inbox_read, name="inbox_read"),
]
