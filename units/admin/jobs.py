"""Uploads, long work and the jobs of the beat, to look at: what the first two hold is for their owners."""

from django.contrib import admin

from units.admin.recorded import ViewedAdmin
from units.models import BeatJob, BeatRun, Job, Upload


@admin.register(Upload)
class UploadAdmin(ViewedAdmin):
    list_display = ["created_at", "kind", "name", "owner", "expires_at", "written_at"]
    list_filter = ["kind", ("written_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["kind", "name", "owner__username", "owner__name", "owner__name_zh"]
    date_hierarchy = "created_at"
    hidden_fields = ["params", "grid"]


@admin.register(Job)
class JobAdmin(ViewedAdmin):
    list_display = ["created_at", "title", "owner", "state", "done", "total", "attempts", "finished_at", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["owner"]
    search_fields = ["title", "kind", "error", "owner__username", "owner__name", "owner__name_zh"]
    date_hierarchy = "created_at"
    hidden_fields = ["params", "file"]


@admin.register(BeatJob)
class BeatJobAdmin(ViewedAdmin):
    list_display = ["task", "started_at", "finished_at", "seconds", "runs", "failures", "error"]
    search_fields = ["task", "error"]


@admin.register(BeatRun)
class BeatRunAdmin(ViewedAdmin):
    list_display = ["started_at", "job", "seconds", "counts", "error"]
    list_filter = ["job"]
    list_select_related = ["job"]
    search_fields = ["job__task", "error"]
