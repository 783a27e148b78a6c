"""The site's settings with a queue of the test's own, since a RabbitMQ is shared with whoever else uses the machine."""

import os

from jiaxing.settings import *  # noqa: F403

CELERY_TASK_DEFAULT_QUEUE = os.environ["TEST_QUEUE"]
