"""Finds the few files of npm packages that the pages load, and nothing else of the packages.

A package brings ten times as much as a page needs: variants, sources and maps, all of which a site would copy and
compress. ``settings.PACKAGE_FILES`` names what is served.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage


class PackageFiles(BaseFinder):
    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        prefix, _, name = path.partition("/")
        folder, names = settings.PACKAGE_FILES.get(prefix, ("", ()))
        place = Path(settings.NODE_MODULES, folder, name)
        found = [str(place)] if name in names and place.is_file() else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for prefix, (folder, names) in settings.PACKAGE_FILES.items():
            storage = FileSystemStorage(location=Path(settings.NODE_MODULES, folder))
            storage.prefix = prefix  # type: ignore[attr-defined]
            yield from ((name, storage) for name in names if storage.exists(name))
