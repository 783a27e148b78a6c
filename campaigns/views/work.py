"""Placeholder of the work in progress."""

from django.http import HttpResponse


def my_work(request, **kwargs):
    return HttpResponse("x", status=501)


def sign(request, **kwargs):
    return HttpResponse("x", status=501)
