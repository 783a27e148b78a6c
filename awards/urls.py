"""The addresses of the awards."""

from django.urls import path

from awards.views import awards, closing

urlpatterns = [
    path("awards/", awards.awards, name="awards"),
    path("awards/export.<slug:kind>", awards.export, name="export_awards"),
    path("campaigns/<slug:campaign>/closing/", closing.closing_page, name="closing"),
    path("campaigns/<slug:campaign>/closing/export.<slug:kind>", closing.export, name="export_closing"),
]
