"""Listens to a page: console, errors, requests to other hosts, and what the content policy refused.

A journey that looks well while the browser's console is full of errors is no journey that went well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request

POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI || "inline"} at ${event.sourceFile}`))"""
# Chromium writes an error for every answer of 400 and above; a journey that expects one says so.
ANSWERED = re.compile(r"the server responded with a status of (\d+)")


@dataclass
class Watch:
    complaints: list[str] = field(default_factory=list)
    allowed_answers: set[int] = field(default_factory=set)
    forgiven: set[str] = field(default_factory=set)

    def over(self, page: Page, site: str) -> None:
        page.add_init_script(POLICY)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        page.on("request", lambda request: self._see(request, site))

    def forget(self) -> None:
        self.complaints.clear()
        self.allowed_answers.clear()

    def expect(self, *answers: int) -> None:
        """These answers of the server belong to the journey."""
        self.allowed_answers |= set(answers)

    def forgive(self, words: str) -> None:
        """What the browser says in these words is the journey's own doing; the journey tells why."""
        self.forgiven.add(words)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(words in message.text for words in self.forgiven):
            return
        answered = ANSWERED.search(message.text)
        if answered and int(answered.group(1)) in self.allowed_answers:
            return
        self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _see(self, request: Request, site: str) -> None:
        if not request.url.startswith((f"{site}/", "about:", "blob:")):
            self.complaints.append(f"a request to another host: {request.url}")
