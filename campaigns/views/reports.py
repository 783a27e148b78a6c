"""Placeholder of the work in progress."""

from django.http import HttpResponse


def approve(request, **kwargs):
    return HttpResponse("x", status=501)


def correct(request, **kwargs):
    return HttpResponse("x", status=501)


def recall(request, **kwargs):
    return HttpResponse("x", status=501)


def reopen(request, **kwargs):
    return HttpResponse("x", status=501)


def report_detail(request, **kwargs):
    return HttpResponse("x", status=501)


def report_list(request, **kwargs):
    return HttpResponse("x", status=501)


def send_back(request, **kwargs):
    return HttpResponse("x", status=501)


def sign(request, **kwargs):
    return HttpResponse("x", status=501)
