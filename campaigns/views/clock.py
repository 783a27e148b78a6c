"""Placeholder of the work in progress."""

from django.http import HttpResponse


def move(request, **kwargs):
    return HttpResponse("x", status=501)
