"""Static files can be collected for a site with DEBUG off: every file that another one names is there."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COLLECT = """
import django, sys
from django.conf import settings
django.setup()
settings.STATIC_ROOT = sys.argv[1]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""


def test_static_files_can_be_collected_with_their_names_hashed(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path / "var"),
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "jiaxing.settings",
    }
    command = [sys.executable, "-c", COLLECT, str(tmp_path / "static")]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert list((tmp_path / "static" / "bootstrap" / "css").glob("bootstrap.min.*.css"))
    charts = [one.name for one in (tmp_path / "static" / "echarts").iterdir()]
    assert len(charts) == 2, "one file of the package and its hashed copy, none of its variants and maps"
    assert (tmp_path / "static" / "staticfiles.json").exists()
