"""Figures of projects for templates."""

from django import template

from campaigns.domain.project_checks import share_of

register = template.Library()
register.filter("share_of", share_of)
