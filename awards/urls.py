"""The addresses of the awards."""

from django.urls import path

from awards.views import awards

urlpatterns = [
    path("awards/", awards.awards, name="awards"),
]
