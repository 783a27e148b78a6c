"""The Celery application and the rhythm of its beat.

Rows in the database are the truth; the broker only nudges, so every job here may be lost or repeated without harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaxing.settings")

app = Celery("jiaxing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each tick looks in the database for what is due by now and not yet done, so a missed one is made up by the next.
app.conf.beat_schedule = {
    "beat-seen": {"task": "jiaxing.beat_seen", "schedule": 60.0},
}
