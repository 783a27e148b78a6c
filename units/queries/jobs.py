"""Finds background work: for the person who asked for it, and nobody else."""

from __future__ import annotations

from django.db.models import QuerySet

from units.models import Job, User

LARGEST_ID = 2**63 - 1


def jobs_of(owner: User) -> QuerySet[Job]:
    return Job.objects.filter(owner=owner)


def find_job(job_id: int, owner: User) -> Job | None:
    return jobs_of(owner).filter(pk=min(job_id, LARGEST_ID)).first()
