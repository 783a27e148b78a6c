"""The words of early warnings for templates: cause, reason and rule."""

from django import template

from campaigns.queries.warning_words import cause_name, reason_of, rule_of

register = template.Library()
register.filter("cause_name", cause_name)
register.filter("reason_of", reason_of)
register.filter("rule_of", rule_of)
