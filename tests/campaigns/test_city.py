"""The city's figures: added or averaged from the units', none of them twice, and partial while one is missing."""

from decimal import Decimal
from fractions import Fraction

from campaigns.models import Assignment, Indicator, Target
from tests.campaigns.analysis import approve, course
from units.models import Unit


def city_of(cast, indicator, month="2022-08"):
    action = course(cast)[month].city.actions[indicator.action_id]
    return next(one for one in action.indicators if one.indicator.pk == indicator.pk)


def roads_of_both(cast, town=30, neighbour=50):
    approve(cast.town, cast.august, {cast.roads: town})
    approve(cast.neighbour, cast.august, {cast.roads: neighbour})


def test_figures_and_targets_are_added(cast):
    roads_of_both(cast)
    one = city_of(cast, cast.roads)
    assert (one.value, one.line.target, one.attainment) == (80, 200, Fraction(40, 100))
    assert (one.figure.present, one.figure.expected) == (2, 2)
    assert one.gap == Decimal("-11.00")


def test_a_unit_counted_in_another_adds_nothing(cast):
    Unit.objects.filter(pk=cast.neighbour.pk).update(counted_in=cast.town)
    roads_of_both(cast)
    one = city_of(cast, cast.roads)
    assert (one.value, one.line.target, one.figure.expected) == (30, 100, 1)
    assert cast.neighbour.pk in course(cast)["2022-08"].units, "it is still ranked and shown"


def test_while_a_unit_is_missing_the_figure_is_partial_and_grey(cast):
    roads_of_both(cast, neighbour=None)
    one = city_of(cast, cast.roads)
    assert (one.value, one.attainment, one.gap, one.light) == (30, None, None, "grey")
    assert (one.figure.present, one.figure.expected) == (1, 2)
    action = course(cast)["2022-08"].city.actions[cast.transport.pk]
    assert (action.percent, action.light, action.coverage) == (None, "grey", 0)


def test_shares_are_averaged(cast):
    for unit, share in ((cast.town, 12), (cast.neighbour, 15), (cast.lead, 18)):
        approve(unit, cast.august, {cast.share: share})
    one = city_of(cast, cast.share)
    assert (one.value, one.line.baseline, one.line.target) == (15, 10, 20)


def test_shares_may_be_weighed_by_another_indicator(cast):
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="weighted_mean", rollup_weight=cast.exports)
    for unit, exports, share in ((cast.town, 30, 12), (cast.neighbour, 10, 16), (cast.lead, 10, 20)):
        approve(unit, cast.august, {cast.exports: exports, cast.share: share})
    assert city_of(cast, cast.share).figure.value == Fraction(30 * 12 + 10 * 16 + 10 * 20, 50)


def test_without_its_weight_a_unit_is_missing_in_the_weighted_mean(cast):
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="weighted_mean", rollup_weight=cast.exports)
    approve(cast.town, cast.august, {cast.exports: 30, cast.share: 12})
    approve(cast.neighbour, cast.august, {cast.share: 16})
    approve(cast.lead, cast.august, {cast.exports: 10, cast.share: 20})
    one = city_of(cast, cast.share)
    assert (one.figure.present, one.figure.expected, one.light) == (2, 3, "grey")


def test_the_lead_may_file_the_city_figure(cast):
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="lead")
    for unit, share in ((cast.town, 12), (cast.neighbour, 15)):
        approve(unit, cast.august, {cast.share: share})
    assert city_of(cast, cast.share).value is None
    approve(cast.lead, cast.august, {cast.share: 18})
    one = city_of(cast, cast.share)
    assert (one.value, one.attainment) == (18, Fraction(8, 10))


def test_the_city_may_have_a_target_of_its_own(cast):
    Target.objects.create(indicator=cast.roads, unit=None, baseline=0, target=160)
    roads_of_both(cast)
    assert city_of(cast, cast.roads).attainment == Fraction(80, 160)


def test_only_units_that_are_assigned_are_expected(cast):
    Assignment.objects.filter(unit=cast.neighbour, action=cast.transport).delete()
    approve(cast.town, cast.august, {cast.roads: 30})
    one = city_of(cast, cast.roads)
    assert (one.value, one.figure.expected) == (30, 1)


def test_the_city_too_turns_red_when_it_is_yellow_twice(cast):
    for period, figure in ((cast.july, 14), (cast.august, 35)):
        for unit in (cast.town, cast.neighbour):
            approve(unit, period, {cast.roads: figure})
    action = course(cast)["2022-08"].city.actions[cast.transport.pk]
    assert (action.raw, action.light) == ("yellow", "red")
