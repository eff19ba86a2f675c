"""What operators apply: manifests, a dashboard and alerts that name only what there is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import Graph

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTING = re.compile(r"^#?([A-Z][A-Z_]+)=", re.MULTILINE)


def manifests() -> dict[str, Any]:
    """By kind."""
    text = (DEPLOY / "kubernetes" / "tributary.yaml").read_text(encoding="utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


def container() -> Any:
    return manifests()["Deployment"]["spec"]["template"]["spec"]["containers"][0]


def settings() -> set[str]:
    return set(SETTING.findall((ROOT / ".env.example").read_text(encoding="utf-8")))


def expressions() -> Iterator[str]:
    dashboard = json.loads((DEPLOY / "grafana" / "tributary.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    alerts = yaml.safe_load((DEPLOY / "prometheus-alerts.yaml").read_text(encoding="utf-8"))
    yield from (rule["expr"] for group in alerts["groups"] for rule in group["rules"])


def test_every_setting_is_one_of_the_servers() -> None:
    given = {*manifests()["ConfigMap"]["data"], *(each["name"].removesuffix("_FILE") for each in container()["env"])}

    assert given - settings() == set()


def test_every_secret_that_is_read_is_in_the_example() -> None:
    example = yaml.safe_load((DEPLOY / "kubernetes" / "secrets.example.yaml").read_text(encoding="utf-8"))
    files = {Path(each["value"]).name for each in container()["env"]}

    assert files == set(example["stringData"])


def test_replicas_are_replaced_without_a_gap() -> None:
    deployment = manifests()["Deployment"]["spec"]
    pod = deployment["template"]["spec"]
    drain = int(manifests()["ConfigMap"]["data"]["DRAIN_SECONDS"])
    timeout = int(manifests()["ConfigMap"]["data"]["OPERATION_TIMEOUT"])

    assert deployment["replicas"] >= 2
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert manifests()["PodDisruptionBudget"]["spec"]["minAvailable"] >= 1
    assert pod["terminationGracePeriodSeconds"] > drain + timeout + 5
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True


async def test_the_probes_and_the_scraper_ask_for_what_there_is(graph: Graph) -> None:
    annotations = manifests()["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    probes = [container()[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")]

    for path in (*probes, annotations["prometheus.io/path"]):
        assert (await graph.client.get(path)).status_code == 200


async def test_dashboard_and_alerts_ask_for_metrics_that_there_are(graph: Graph) -> None:
    await graph.data("{ customers(first: 1) { nodes { accounts { nodes { id } } } } }")
    told = (await graph.client.get("/metrics")).text
    families = {line.split()[2].removesuffix("_total") for line in told.splitlines() if line.startswith("# TYPE")}
    asked = {name for each in expressions() for name in re.findall(r"tributary_\w+", each)}

    assert len(asked) > 8
    assert {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in asked} - families == set()
