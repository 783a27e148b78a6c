"""The project: it composes units, campaigns and awards into one site.

The Celery application is named here, so that ``@shared_task`` finds it in every process.
"""

from jiaxing.celery import app as celery_app

__all__ = ["celery_app"]
