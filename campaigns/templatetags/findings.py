"""Says in words what a check found in a figure: a sentence for who fills, a few words for who reviews."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.checks import Finding
from campaigns.forms.figures import too_many_decimals
from campaigns.models import Indicator, Period
from campaigns.queries.report_sheet import Row
from campaigns.templatetags.look import month_name, number_text, signed_text

register = template.Library()


@register.simple_tag
def finding_words(finding: Finding, row: Row, previous: Period | None) -> str:
    """ "Lower than July (41.80 → 39.60). A figure to date should not fall. Correct it, or say why." """
    return sentence(finding, row.indicator, previous)


@register.simple_tag
def finding_label(finding: Finding) -> str:
    """ "Below July", "4.2× usual step" """
    return label(finding)


def sentence(finding: Finding, indicator: Indicator, previous: Period | None) -> str:
    given, places = finding.params, indicator.decimals
    month = month_name(previous.month) if previous else ""
    if finding.code == "missing_without_comment":
        return _("Enter the figure, or say why there is none.")
    if finding.code == "too_many_decimals":
        return too_many_decimals(places)
    if finding.code == "below_last_month":
        return _("Lower than before (%(earlier)s, %(month)s). Correct it, or say why.") % {
            "earlier": number_text(given["earlier"], places),
            "month": month,
        }
    if finding.code == "unusual_step":
        return _("A step of %(step)s; usual is %(usual)s. Check it, or say why.") % {
            "step": signed_text(given["step"], places),
            "usual": number_text(given["usual"], places),
        }
    if finding.code == "no_change":
        return ngettext(
            "The same figure for %(months)d month. Check it, or say why.",
            "The same figure for %(months)d months. Check it, or say why.",
            given["months"],
        ) % {"months": given["months"]}
    return _outside_range(given["minimum"], given["maximum"], places)


def _outside_range(minimum: Decimal | None, maximum: Decimal | None, places: int) -> str:
    if minimum is None:
        return _("Usually at most %(maximum)s. Check it, or say why.") % {"maximum": number_text(maximum, places)}
    if maximum is None:
        return _("Usually at least %(minimum)s. Check it, or say why.") % {"minimum": number_text(minimum, places)}
    return _("Usually between %(minimum)s and %(maximum)s. Check it, or say why.") % {
        "minimum": number_text(minimum, places),
        "maximum": number_text(maximum, places),
    }


def label(finding: Finding) -> str:
    if finding.code == "unusual_step" and finding.params["usual"]:
        times = abs(finding.params["step"]) / Decimal(finding.params["usual"])
        return _("%(times)s× usual step") % {"times": number_text(times, 1)}
    return {
        "missing_without_comment": _("Figure missing"),
        "too_many_decimals": _("Too many decimals"),
        "below_last_month": _("Below last month"),
        "unusual_step": _("Unusual step"),
        "no_change": _("No change"),
        "outside_range": _("Outside the usual range"),
    }[finding.code]
