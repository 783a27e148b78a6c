"""The site's settings for `manage.py storm`, with all that waits made short: leases of some seconds, a quick beat."""

import os

from jiaxing.rhythm import schedule
from jiaxing.settings import *  # noqa: F403

CELERY_TASK_DEFAULT_QUEUE = os.environ.get("STORM_QUEUE", "storm")
# Beyond what a mail or a post takes here, even on a busy machine.
OUTBOX_LEASE_SECONDS = 12
BEAT_SECONDS = 2.0
CELERY_BEAT_SCHEDULE = schedule(BEAT_SECONDS)
ROBOT_MESSAGES_A_MINUTE = 1_000_000
