"""Placeholder of the work in progress."""

from django.http import HttpResponse


def meeting_list(request, **kwargs):
    return HttpResponse("x", status=501)


def meeting_page(request, **kwargs):
    return HttpResponse("x", status=501)
