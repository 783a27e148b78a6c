"""Placeholder of the work in progress."""

from django.http import HttpResponse


def standings_page(request, **kwargs):
    return HttpResponse("x", status=501)
