"""Placeholder of the work in progress."""

from django.http import HttpResponse


def add_attachment(request, **kwargs):
    return HttpResponse("x", status=501)


def attachment(request, **kwargs):
    return HttpResponse("x", status=501)


def remove_attachment(request, **kwargs):
    return HttpResponse("x", status=501)


def report_form(request, **kwargs):
    return HttpResponse("x", status=501)


def save(request, **kwargs):
    return HttpResponse("x", status=501)


def submit(request, **kwargs):
    return HttpResponse("x", status=501)
