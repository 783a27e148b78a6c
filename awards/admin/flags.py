"""The mobile red flags in the administration: who held which, as the announcements made it."""

from django.contrib import admin

from awards.models import RedFlag
from units.admin.recorded import ViewedAdmin


@admin.register(RedFlag)
class RedFlagAdmin(ViewedAdmin):
    list_display = ["unit", "round", "held_from", "held_until", "is_co_equal", "source"]
    list_filter = [("held_until", admin.EmptyFieldListFilter), "round__scheme", "unit", "source"]
    list_select_related = ["unit", "round__scheme"]
    search_fields = ["unit__code", "unit__name_en", "unit__name_zh", "round__name_en", "round__name_zh"]
    date_hierarchy = "held_from"
