"""Placeholder of the work in progress."""

from django.http import HttpResponse


def approve_many(request, **kwargs):
    return HttpResponse("x", status=501)


def review(request, **kwargs):
    return HttpResponse("x", status=501)
