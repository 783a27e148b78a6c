"""Placeholder of the work in progress."""

from django.http import HttpResponse


def calendar(request, **kwargs):
    return HttpResponse("x", status=501)


def close(request, **kwargs):
    return HttpResponse("x", status=501)


def period_list(request, **kwargs):
    return HttpResponse("x", status=501)


def publish(request, **kwargs):
    return HttpResponse("x", status=501)
