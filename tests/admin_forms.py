"""Fills in the forms of the administration as a browser does: what a page shows is what is sent back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def page(model: type[models.Model], name: str, *args: object) -> str:
    """The address of a model's page: changelist, add, change, delete."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


class _Boxes(HTMLParser):
    """Collects the boxes of the page's main form; empty rows that only serve as patterns are left aside."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.select: str | None = None
        self.text: str | None = None
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.is_inside = (given.get("id") or "").endswith("_form")
        if not self.is_inside or "__prefix__" in name:
            return
        if tag == "input" and name and given.get("type") != "submit":
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.values[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag == "textarea":
            self.text, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in given else ""
        elif tag == "option" and self.select and "selected" in given:
            value = given.get("value") or ""
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(value)
            else:
                self.values[self.select] = value

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text] += data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.text = None


def boxes(response: HttpResponse) -> dict[str, Any]:
    parser = _Boxes()
    parser.feed(response.content.decode())
    return parser.values


def save(client: Client, address: str, /, **typed: Any) -> HttpResponse:
    """Opens the page, types over what is there, and saves."""
    values = boxes(client.get(address)) | typed
    return client.post(address, {name: value for name, value in values.items() if value is not None})


def change(client: Client, row: models.Model, /, **typed: Any) -> HttpResponse:
    return save(client, page(type(row), "change", row.pk), **typed)


def add(client: Client, model: type[models.Model], /, **typed: Any) -> HttpResponse:
    return save(client, page(model, "add"), **typed)


def run(client: Client, action: str, /, *rows: models.Model, **typed: Any) -> HttpResponse:
    """Runs an action on the rows from their list."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **typed}
    return client.post(page(type(rows[0]), "changelist"), chosen)


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """What the page says is wrong, by box; parts by their prefix and box."""
    told = dict(response.context["adminform"].form.errors)
    for part in response.context["inline_admin_formsets"]:
        for form in part.formset.forms:
            told |= {f"{form.prefix}-{name}": text for name, text in form.errors.items()}
        if part.formset.non_form_errors():
            told[part.formset.prefix] = part.formset.non_form_errors()
    return told


def told(response: HttpResponse) -> list[str]:
    """The messages on the page that a saving or an action leads to."""
    return [str(message) for message in response.wsgi_request._messages]
