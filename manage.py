#!/usr/bin/env python
"""Django's command line; ``python3 run.py manage …`` runs it in the project's own environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaxing.settings")
    execute_from_command_line(sys.argv)
