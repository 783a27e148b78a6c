"""The Celery application and the rhythm of its beat.

Rows in the database are the truth; the broker only nudges, so every job here may be lost or repeated without harm.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaxing.settings")

app = Celery("jiaxing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each tick looks in the database for what is due by now and not yet done, so a missed one is made up by the next.
app.conf.beat_schedule = {
    "beat-seen": {"task": "jiaxing.beat_seen", "schedule": 60.0},
    "tick": {"task": "campaigns.tick", "schedule": 60.0, "options": {"expires": 60}},
    "scan-warnings": {"task": "campaigns.scan_warnings", "schedule": 600.0, "options": {"expires": 600}},
    "seal-changes": {"task": "units.seal_changes", "schedule": 10.0, "options": {"expires": 10}},
    "deliver-webhooks": {"task": "units.deliver_webhooks", "schedule": 60.0, "options": {"expires": 60}},
    "work": {"task": "campaigns.work", "schedule": 60.0, "options": {"expires": 60}},
    "deliver": {"task": "units.deliver", "schedule": 60.0, "options": {"expires": 60}},
}


@beat_init.connect
@beat_embedded_init.connect
def show_life_at_once(**_sender: Any) -> None:
    """An interval first falls due after its length; whoever watches the site should not wait that long."""
    app.send_task("jiaxing.beat_seen")
