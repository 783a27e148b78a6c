"""Placeholder of the work in progress."""

from django.http import HttpResponse


def accept(request, **kwargs):
    return HttpResponse("x", status=501)


def action_list(request, **kwargs):
    return HttpResponse("x", status=501)


def action_page(request, **kwargs):
    return HttpResponse("x", status=501)


def judge(request, **kwargs):
    return HttpResponse("x", status=501)


def withdraw(request, **kwargs):
    return HttpResponse("x", status=501)
