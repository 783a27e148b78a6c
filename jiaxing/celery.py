"""The Celery application. Its beat follows `jiaxing/rhythm.py`, by way of the settings.

Rows in the database are the truth; the broker only nudges, so every job may be lost or repeated without harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaxing.settings")

app = Celery("jiaxing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
