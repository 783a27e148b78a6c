"""The container files agree with the settings and with each other, as far as that shows without building them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def variables_of_the_settings() -> set[str]:
    source = (ROOT / "jiaxing" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", source))


def test_every_part_of_the_site_is_one_service_of_one_image(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"prepare", "web", "worker", "beat", "postgres", "redis"}
    assert {services[name]["image"] for name in ("prepare", "web", "worker", "beat")} == {"tough-action-tracker"}


def test_everything_that_stays_up_has_a_health_check(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"prepare"}


def test_the_site_starts_after_its_tables_are_there(services: dict[str, dict[str, Any]]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert set(services["prepare"]["depends_on"]) == {"postgres"}


def test_the_containers_set_only_variables_that_the_settings_read(services: dict[str, dict[str, Any]]) -> None:
    assert set(services["web"]["environment"]) <= variables_of_the_settings()
    assert services["web"]["environment"]["DEBUG"] == "false"


def test_only_the_web_server_is_reachable_and_only_from_this_machine(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_image_installs_the_locked_packages_and_does_not_run_as_root() -> None:
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.txt" in recipe
    assert "npm ci" in recipe
    assert recipe.index("USER tracker") < recipe.index("CMD")
