"""Keep the catalogues of translated words: collect from the sources, check that nothing is missing, compile."""

from argparse import ArgumentParser
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jiaxing import translations


class Command(BaseCommand):
    help = "Without an option: write every marked string of the sources into the catalogues, keeping translations."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        option = parser.add_mutually_exclusive_group()
        option.add_argument("--check", action="store_true", help="fail where a translation is missing or does not fit")
        option.add_argument("--compile", action="store_true", help="write the .mo files that Django reads")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            translations.compile_catalogues()
        elif options["check"]:
            self.check_catalogues()
        else:
            self.update_catalogues()

    def update_catalogues(self) -> None:
        found = translations.extract(settings.BASE_DIR)
        for locale, path in translations.catalogues().items():
            old = polib.pofile(str(path)) if path.exists() else None
            catalogue = translations.merged(found, old, locale)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(translations.rendered(catalogue), encoding="utf-8")
            missing = len(catalogue.untranslated_entries())
            self.stdout.write(f"{locale}: {len(catalogue)} strings, {missing} to translate")

    def check_catalogues(self) -> None:
        found = translations.extract(settings.BASE_DIR)
        for locale, path in translations.catalogues().items():
            if not path.exists():
                raise CommandError(f"{locale}: there is no catalogue; run manage.py messages")
            told = translations.problems(found, polib.pofile(str(path)))
            if not told and not translations.is_in_normal_form(path, found, locale):
                told = ["not sorted, or written otherwise than manage.py messages writes it"]
            if told:
                raise CommandError("\n  ".join([f"{locale}: {len(told)} to put right", *told]))
            self.stdout.write(f"{locale}: all {len(found)} strings are translated")
