"""Every change made in the administration leaves one record with the rows it touched, before and after."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint, UniqueConstraint
from django.test import Client

from campaigns.models import Action, Assignment, Indicator
from tests.admin_builders import make
from tests.admin_forms import add, change, errors, page, run, told
from tests.cast import client_of
from units.models import Change, RankingGroup, RankingGroupMember, Unit, User
from units.operations.constraints import WORDS, has_own_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(person: User) -> Client:
    return client_of(person)


def last_change() -> tuple[Change, list[tuple]]:
    record = Change.objects.get()
    return record, [(item.object_type, item.object_id, item.before, item.after) for item in record.items.all()]


def test_a_new_row_is_recorded_with_all_it_says(client: Client, person: User) -> None:
    add(client, Unit, code="haining", name_en="Haining", name_zh="海宁", kind="county_level_city", order="6")
    unit = Unit.objects.get(code="haining")
    record, [(kind, pk, before, after)] = last_change()
    assert (record.verb, record.actor, kind, pk, before) == ("admin_add", person, "units.unit", str(unit.pk), None)
    assert after["name_en"] == "Haining"
    assert after["source"] == "entered"


def test_a_change_is_recorded_field_by_field_and_counted(client: Client, person: User) -> None:
    unit = make(Unit, name_en="Old")
    assert change(client, unit, name_en="New").status_code == 302
    record, items = last_change()
    assert (record.verb, record.actor) == ("admin_change", person)
    assert items == [("units.unit", str(unit.pk), {"name_en": "Old"}, {"name_en": "New"})]
    unit.refresh_from_db()
    assert unit.version == 2


def test_saving_without_a_change_leaves_no_record_and_no_version(client: Client) -> None:
    unit = make(Unit)
    assert change(client, unit).status_code == 302
    unit.refresh_from_db()
    assert unit.version == 1
    assert not Change.objects.exists()


def test_a_deletion_is_recorded_with_what_goes_with_it(client: Client) -> None:
    group = make(RankingGroup)
    member = make(RankingGroupMember, group=group)
    answer = client.post(page(RankingGroup, "delete", group.pk), {"post": "yes"})
    assert "deleted successfully" in told(answer)[0]
    assert not RankingGroup.objects.filter(pk=group.pk).exists()
    record, items = last_change()
    assert record.verb == "admin_delete"
    assert [(kind, pk, after) for kind, pk, _before, after in items] == [
        ("units.rankinggroup", str(group.pk), None),
        ("units.rankinggroupmember", str(member.pk), None),
    ]
    assert items[1][2].items() >= {"group": group.pk, "unit": member.unit_id}.items()


def test_many_rows_deleted_at_once_are_one_record(client: Client) -> None:
    groups = [make(RankingGroup), make(RankingGroup)]
    run(client, "delete_selected", *groups, post="yes")
    record, items = last_change()
    assert {pk for _kind, pk, *_rest in items} == {str(group.pk) for group in groups}


def test_what_others_hang_on_is_not_deleted(client: Client) -> None:
    action = make(Action)
    answer = client.post(page(Unit, "delete", action.lead_id), {"post": "yes"})
    assert answer.status_code == 200
    assert b"protected related objects" in answer.content
    assert Unit.objects.filter(pk=action.lead_id).exists()
    assert not Change.objects.exists()


def test_rows_of_a_part_are_recorded_with_their_whole(client: Client) -> None:
    group = make(RankingGroup)
    stays, goes = (make(RankingGroupMember, group=group) for _ in range(2))
    unit, other = make(Unit), make(Unit)
    typed = {
        "members-TOTAL_FORMS": "3",
        "members-0-unit": str(other.pk),
        "members-1-DELETE": "on",
        "members-2-id": "",
        "members-2-group": str(group.pk),
        "members-2-unit": str(unit.pk),
    }
    assert change(client, group, **typed).status_code == 302
    assert set(group.members.values_list("unit", flat=True)) == {other.pk, unit.pk}
    record, items = last_change()
    assert sorted((before is None, after is None) for _kind, _pk, before, after in items) == [
        (False, False),
        (False, True),
        (True, False),
    ]
    changed = next((before, after) for _kind, pk, before, after in items if pk == str(stays.pk))
    assert changed == ({"unit": stays.unit_id}, {"unit": other.pk})
    assert str(goes.pk) in {pk for _kind, pk, *_rest in items}
    group.refresh_from_db()
    assert group.version == 2


def test_parts_count_their_own_changes(client: Client) -> None:
    indicator = make(Indicator)
    change(client, indicator.action, **{"indicators-0-name_en": "Renamed"})
    indicator.refresh_from_db()
    indicator.action.refresh_from_db()
    assert (indicator.version, indicator.action.version) == (2, 2)


def test_many_to_many_fields_are_recorded(client: Client) -> None:
    action, unit = make(Action), make(Unit)
    change(client, action, supporting=[str(unit.pk)])
    _record, items = last_change()
    assert items == [("campaigns.action", str(action.pk), {"supporting": []}, {"supporting": [unit.pk]})]


def test_nothing_is_kept_where_the_record_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_given: object) -> None:
        raise IntegrityError("no record")

    monkeypatch.setattr("units.admin.recorded.record", fail)
    unit = make(Unit, name_en="Old")
    answer = change(client, unit, name_en="New")
    assert answer.status_code == 302
    assert "Nothing was saved" in told(answer)[0]
    unit.refresh_from_db()
    assert (unit.name_en, unit.version) == ("Old", 1)


def test_a_page_that_was_opened_before_somebody_else_saved_overwrites_nothing(client: Client) -> None:
    unit = make(Unit, name_en="Old")
    change(client, unit, name_en="First")
    answer = change(client, unit, name_en="Second", seen_version="1")
    assert answer.status_code == 200
    assert "Somebody changed this" in errors(answer)["__all__"][0]
    assert 'value="Second"' in answer.content.decode()
    unit.refresh_from_db()
    assert unit.name_en == "First"


def test_a_broken_constraint_is_said_beside_the_box(client: Client) -> None:
    unit = make(Unit)
    assert "cannot be counted in itself" in errors(change(client, unit, counted_in=str(unit.pk)))["counted_in"][0]
    row = make(Assignment)
    answer = change(client, row, starts_on="2022-09-01", ends_on="2022-08-01")
    assert errors(answer)["ends_on"] == ["The last day lies before the first."]
    other = make(Assignment, unit=row.unit)
    answer = add(client, Assignment, action=str(other.action_id), unit=str(row.unit_id))
    assert "already exists" in errors(answer)["unit"][0]


def test_a_broken_constraint_over_a_field_that_is_not_in_the_form_is_said_too(client: Client) -> None:
    indicator = make(Indicator)
    answer = change(client, indicator.action, **{"indicators-0-rollup": "weighted_mean"})
    assert "names the indicator it is weighted by" in errors(answer)["indicators-0-rollup_weight"][0]


def test_two_rows_of_one_page_that_exclude_each_other_are_no_server_error(client: Client) -> None:
    person, unit = make(User), make(Unit)
    row = {"unit": str(unit.pk), "role": "reporter", "user": str(person.pk)}
    typed = {f"memberships-{n}-{name}": value for n in (0, 1) for name, value in row.items()}
    answer = change(client, person, **typed, **{"memberships-TOTAL_FORMS": "2"})
    assert answer.status_code == 302
    assert "Nothing was saved" in told(answer)[0]
    assert not person.memberships.exists()


@pytest.mark.parametrize("typed", ["abc", "-1", "1e30", "NaN", "9" * 400])
def test_senseless_numbers_are_refused_beside_the_box(client: Client, typed: str) -> None:
    action = make(Action)
    assert "weight" in errors(change(client, action, weight=typed))


def test_a_change_is_found_from_the_page_of_its_row(client: Client) -> None:
    unit = make(Unit, name_en="Old")
    change(client, unit, name_en="New")
    address = f"{page(apps.get_model('units.ChangeItem'), 'changelist')}?object_type=units.unit&object_id={unit.pk}"
    assert address.replace("&", "&amp;") in client.get(page(Unit, "change", unit.pk)).content.decode()
    assert "name_en: Old → New" in client.get(address).content.decode()


WRITTEN_BY_OPERATIONS_ALONE = {
    "appeal_answer_is_whole",
    "appeal_says_something",
    "accepted_reason_not_empty",
    "business_clock_is_one",
    "chain_head_only_one",
    "change_has_verb",
    "change_sealed_has_digest",
    "delivery_sent_has_time",
    "extension_has_reason",
    "extension_is_later",
    "extension_one_undecided",
    "follow_up_closed_has_day",
    "job_done_within_total",
    "job_finished_has_time",
    "likelihood_has_reason",
    "likelihood_of_city_once",
    "measurement_status_known",
    "measurement_version_has_reason",
    "message_has_subject",
    "pack_built_has_digest",
    "pack_file_kind_known",
    "pack_file_language_known",
    "pack_issued_has_who_and_when",
    "pack_number_from_one",
    "pack_one_draft_per_period",
    "pack_state_known",
    "pack_template_one_in_use",
    "pack_words_edited_has_who_and_when",
    "pack_words_language_known",
    "period_closed_has_time",
    "period_ends_after_start",
    "period_instants_in_order",
    "delivery_once_per_room",
    "delivery_once_per_digest",
    "sending_hours_is_one",
    "period_month_is_a_month",
    "period_published_has_time",
    "red_flag_held_in_order",
    "report_event_has_reason",
    "report_event_verb_known",
    "report_status_known",
    "report_version_from_one",
    "follow_up_state_known",
    "round_announced_has_day",
    "round_computed_is_whole",
    "round_state_known",
    "score_changed_winner_has_reason_and_person",
    "warning_level_known",
    "warning_state_known",
    "score_decision_has_reason_and_person",
    "score_kept_out_has_no_rank",
    "score_vetoed_never_wins",
    "snapshot_change_has_reason",
    "warning_cleared_has_time",
    "warning_measure_says_what_and_when",
    "warning_open_once_per_cause",
    "webhook_sent_has_time",
    "webhook_version_from_one",
}
CHOSEN_FROM_A_LIST = {"membership_role_known", "unit_source_known"}


def test_every_constraint_that_a_person_can_break_says_what_is_wrong() -> None:
    silent = {
        constraint.name
        for app in ("units", "campaigns", "awards")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
        and not has_own_words(constraint)
        and constraint.name not in WORDS
    }
    assert silent == WRITTEN_BY_OPERATIONS_ALONE | CHOSEN_FROM_A_LIST
