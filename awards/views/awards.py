"""Placeholder of the work in progress."""

from django.http import HttpResponse


def awards(request):
    return HttpResponse("x", status=501)
