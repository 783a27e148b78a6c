"""Every model has pages in the administration: they load, say who may what, and ask a fixed number of queries."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from awards.models import Scheme
from campaigns.models import BusinessClock, Campaign, Period, Report
from tests.admin_builders import BUILDERS, INSTANT, make
from tests.admin_forms import page, run, told
from tests.cast import client_of
from units.models import ChainHead, Delivery, Membership, Role, SendingHours, Unit, User

pytestmark = pytest.mark.django_db

MODELS = sorted(
    (model for app in ("units", "campaigns", "awards") for model in apps.get_app_config(app).get_models()),
    key=lambda model: model._meta.label,
)


# Tables of one row.
ONLY_ONE = {BusinessClock, ChainHead, SendingHours}


def label_of(model: type[models.Model]) -> str:
    return model._meta.label_lower


each_model = pytest.mark.parametrize("model", MODELS, ids=label_of)


def member(role: Role, **fields: object) -> User:
    person = make(User, **fields)
    make(Membership, user=person, unit=make(Unit, kind=Unit.Kind.OFFICE), role=role)
    return person


@pytest.fixture
def administrator() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(administrator: User) -> Client:
    return client_of(administrator)


@pytest.fixture
def office() -> User:
    return member(Role.OFFICE, is_staff=True)


@pytest.fixture
def leader() -> User:
    return member(Role.LEADER, is_staff=True)


@each_model
def test_every_model_is_registered_and_has_a_builder(model: type[models.Model]) -> None:
    assert admin.site.is_registered(model)
    assert model in BUILDERS


@each_model
def test_the_pages_of_a_model_load_for_an_administrator(
    client: Client, administrator: User, model: type[models.Model]
) -> None:
    row = make(model)
    assert client.get(page(model, "change", row.pk)).status_code == 200
    _looks, may_add, _changes, _deletes = may(administrator, model, row)
    assert client.get(page(model, "add")).status_code == (200 if may_add else 403)


def test_every_list_can_be_searched(administrator: User) -> None:
    request = RequestFactory().get("/")
    request.user = administrator
    for model in set(MODELS) - ONLY_ONE:
        its_page = admin.site.get_model_admin(model)
        assert its_page.search_fields, model
        found, _doubles = its_page.get_search_results(request, its_page.get_queryset(request), "2022")
        assert found.count() == 0


@pytest.mark.parametrize("model", [one for one in MODELS if one not in ONLY_ONE], ids=label_of)
def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_three(
    client: Client, model: type[models.Model]
) -> None:
    make(model)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        client.get(page(model, "changelist"))
    make(model)
    make(model)
    with CaptureQueriesContext(connection) as for_three:
        content = client.get(page(model, "changelist")).content.decode()
    assert content.count("action-checkbox") + content.count('<th class="field-') >= 3
    assert len(for_three) == len(for_one), "\n".join(query["sql"][:200] for query in for_three)


OFFICE_SETS = {"units.sendinghours"}
OFFICE_LOOKS_AT = {"units.unit", "units.rankinggroup", "units.rankinggroupmember", *OFFICE_SETS}


def may(person: User, model: type[models.Model], row: models.Model) -> tuple[bool, bool, bool, bool]:
    """Whether the person may look at, add, change and delete rows of the model."""
    request = RequestFactory().get("/")
    request.user = person
    its_page = admin.site.get_model_admin(model)
    return (
        its_page.has_view_permission(request, row),
        its_page.has_add_permission(request),
        its_page.has_change_permission(request, row),
        its_page.has_delete_permission(request, row),
    )


def test_the_office_works_on_campaigns_and_looks_at_units_only(office: User, administrator: User) -> None:
    for model in MODELS:
        row = make(model)
        looks, *writes = may(office, model, row)
        is_of_campaigns = model._meta.app_label == "campaigns"
        works_on = is_of_campaigns or model._meta.label_lower in OFFICE_SETS
        assert looks == (is_of_campaigns or model._meta.label_lower in OFFICE_LOOKS_AT), model
        if not works_on:
            assert not any(writes), model
        elif model is not Campaign:
            assert writes == list(may(administrator, model, row))[1:], model


def test_a_leader_looks_and_writes_nothing(leader: User) -> None:
    for model in MODELS:
        shown = model._meta.app_label == "campaigns" or model._meta.label_lower in OFFICE_LOOKS_AT
        assert may(leader, model, make(model)) == (shown, False, False, False), model


def test_what_the_office_may_not_is_refused_at_its_address_too(office: User) -> None:
    client, scheme, unit = client_of(office), make(Scheme), make(Unit)
    for row, looks in ((scheme, 403), (unit, 200)):
        model = type(row)
        assert client.get(page(model, "changelist")).status_code == looks
        assert client.get(page(model, "change", row.pk)).status_code == looks
        assert client.get(page(model, "add")).status_code == 403
        assert client.post(page(model, "change", row.pk), {}).status_code == 403
        assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.REVIEWER])
def test_other_people_see_nothing_even_as_staff(role: Role) -> None:
    client = client_of(member(role, is_staff=True))
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(page(Unit, "changelist")).status_code == 403
    assert client.get(page(Report, "changelist")).status_code == 403


def test_whoever_is_not_staff_does_not_enter() -> None:
    client = client_of(member(Role.OFFICE))
    assert client.get(page(Period, "changelist")).status_code == 302


def test_an_ended_membership_opens_nothing() -> None:
    person = make(User, is_staff=True)
    make(Membership, user=person, role=Role.OFFICE, unit=make(Unit), ends_on="2020-01-01")
    assert client_of(person).get(page(Period, "changelist")).status_code == 403


VIEWED = [
    "awards.appeal",
    "awards.criterion",
    "awards.mark",
    "awards.redflag",
    "awards.score",
    "awards.scoreline",
    "awards.snapshot",
    "campaigns.acceptedreason",
    "campaigns.attachment",
    "campaigns.businessclock",
    "campaigns.earlywarning",
    "campaigns.extension",
    "campaigns.followupevent",
    "campaigns.likelihood",
    "campaigns.measurement",
    "campaigns.measurementversion",
    "campaigns.period",
    "campaigns.projectphoto",
    "campaigns.report",
    "campaigns.reportevent",
    "campaigns.warningevent",
    "units.change",
    "units.changeitem",
    "units.delivery",
    "units.message",
    "units.webhookdelivery",
]


def test_what_operations_write_is_not_typed_here_not_even_by_an_administrator(administrator: User) -> None:
    for label in VIEWED:
        model = apps.get_model(label)
        assert may(administrator, model, make(model)) == (True, False, False, False), label


def test_a_page_that_only_shows_has_no_button_to_save(client: Client) -> None:
    report = make(Report)
    assert b'name="_save"' not in client.get(page(Report, "change", report.pk)).content
    assert client.post(page(Report, "change", report.pk), {}).status_code == 403


COMPUTED = {
    "units.unit": ["source", "version", "code"],
    "units.user": ["is_active", "invited_at", "source", "date_joined"],
    "campaigns.campaign": ["slug", "version", "source"],
    "campaigns.action": ["version", "source"],
    "campaigns.followup": ["state", "closed_on", "version"],
    "campaigns.minutes": ["issued_at", "issued_by"],
    "awards.round": ["state", "announced_on", "version"],
}


@pytest.mark.parametrize("label", COMPUTED)
def test_states_and_versions_are_shown_and_not_typed(client: Client, label: str) -> None:
    model = apps.get_model(label)
    content = client.get(page(model, "change", make(model).pk)).content.decode()
    for name in COMPUTED[label]:
        assert f"field-{name}" in content
        assert f'name="{name}"' not in content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_administration_speaks_both_languages(client: Client, language: str) -> None:
    content = client.get(reverse("admin:index"), headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in content
    with translation.override(language):
        assert str(admin.site.site_header) in content
        assert gettext("Recent actions") in content


def test_autocomplete_answers_the_office_for_units_and_not_for_people(office: User) -> None:
    client = client_of(office)
    make(Unit, name_en="Tongxiang")
    asked = {"app_label": "campaigns", "model_name": "assignment", "field_name": "unit", "term": "Tong"}
    assert client.get(reverse("admin:autocomplete"), asked).json()["results"][0]["text"] == "Tongxiang"
    asked = {"app_label": "units", "model_name": "membership", "field_name": "user", "term": "a"}
    assert client.get(reverse("admin:autocomplete"), asked).status_code == 403


def test_deliveries_that_were_given_up_are_taken_up_again(client: Client) -> None:
    dead, sent = make(Delivery, status="dead"), make(Delivery, status="sent", sent_at=INSTANT)
    assert told(run(client, "send_again", dead, sent)) == ["1 delivery taken up again."]
    dead.refresh_from_db()
    assert dead.status == "pending"
