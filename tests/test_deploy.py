"""The files of deploy/: they parse, say what they must, and ask of `crossbook` only what it understands."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from harness.cli import app

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def documents(path: Path) -> list[dict[str, Any]]:
    return [document for document in YAML(typ="safe", pure=True).load_all(path) if document]


class Service(BaseModel):
    """What we use of a compose service; an unknown key is a slip of the pen."""

    model_config = ConfigDict(extra="forbid")
    image: str
    build: dict[str, str] | None = None
    command: list[str] = []
    environment: dict[str, str] = {}
    volumes: list[str] = []
    networks: list[str] = []
    network_mode: str = ""
    ports: list[str] = []
    profiles: list[str] = []
    depends_on: dict[str, dict[str, str]] | list[str] = {}
    healthcheck: dict[str, Any] = {}
    deploy: dict[str, int] = {}
    restart: str = ""
    shm_size: str = ""


class Compose(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    services: dict[str, Service]
    networks: dict[str, dict[str, bool]]
    volumes: dict[str, Any]
    x_crossbook: Any = Field(alias="x-crossbook")


class Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")
    api_version: str = Field(alias="apiVersion")
    kind: str
    metadata: dict[str, Any]
    spec: dict[str, Any] = {}
    string_data: dict[str, str] = Field({}, alias="stringData")


COMPOSE = Compose.model_validate(documents(DEPLOY / "compose.yaml")[0])
OBJECTS = [Manifest.model_validate(each) for path in MANIFESTS for each in documents(path)]
API = {
    "Namespace": "v1", "Secret": "v1", "Service": "v1", "StatefulSet": "apps/v1", "Deployment": "apps/v1",
    "Job": "batch/v1", "NetworkPolicy": "networking.k8s.io/v1",
}  # fmt: skip


def pods() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, template and workload of everything that runs."""
    for each in OBJECTS:
        if "template" in each.spec:
            yield each.metadata["name"], each.spec["template"], each.spec


def containers() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, template, _ in pods():
        for one in (*template["spec"].get("initContainers", ()), *template["spec"]["containers"]):
            yield f"{name}/{one['name']}", one


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line that is given to our image."""
    for name, service in COMPOSE.services.items():
        if service.image == "crossbook":
            yield f"compose {name}", service.command
    for name, one in containers():
        if one["image"] == "crossbook":
            yield f"kubernetes {name}", one["args"]


@pytest.mark.parametrize(
    ("where", "words"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_crossbook_understands_every_command(where: str, words: list[str]) -> None:
    command = typer.main.get_command(app)
    name, *options = [re.sub(r"\$\{[A-Z_]+:-(.*)\}", r"\1", word) for word in words]
    found = command.commands[name]  # type: ignore[attr-defined]
    context = found.make_context(name, options, resilient_parsing=False)
    assert context.params


@pytest.mark.parametrize("name", COMPOSE.services)
def test_a_service_names_only_what_there_is(name: str) -> None:
    service = COMPOSE.services[name]
    assert set(service.networks) <= set(COMPOSE.networks)
    assert set(service.depends_on) <= set(COMPOSE.services)
    named = {volume.partition(":")[0] for volume in service.volumes if not volume.startswith(".")}
    assert named <= set(COMPOSE.volumes)
    assert all((DEPLOY / v.partition(":")[0]).is_file() for v in service.volumes if v.startswith("."))
    assert bool(service.networks) != bool(service.network_mode)


def test_the_dockerfile_that_is_built_copies_what_exists() -> None:
    built = {tuple(service.build.items()) for service in COMPOSE.services.values() if service.build}
    assert built == {(("context", ".."), ("dockerfile", "deploy/Dockerfile"))}
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    named = [name for line in copied for name in line.split()]
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(named) == kept
    assert all((DEPLOY.parent / name).exists() for name in named)


def test_nobody_outside_reaches_a_server_but_through_the_balancer_on_loopback() -> None:
    published = {name: service.ports for name, service in COMPOSE.services.items() if service.ports}
    assert published == {"balancer": ["127.0.0.1:8080:8080"]}
    assert COMPOSE.networks["closed"] == {"internal": True}
    open_services = {name for name, one in COMPOSE.services.items() if set(one.networks) - {"closed"}}
    assert open_services == {"balancer"}


@pytest.mark.parametrize("each", OBJECTS, ids=lambda each: f"{each.kind} {each.metadata['name']}")
def test_an_object_is_of_a_known_kind_and_in_our_namespace(each: Manifest) -> None:
    assert each.api_version == API[each.kind]
    assert each.metadata.get("namespace", each.metadata["name"]) == "crossbook"


def test_no_object_is_there_twice() -> None:
    names = [(each.kind, each.metadata["name"]) for each in OBJECTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "template", "spec"), list(pods()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_workload_selects_its_own_pods(name: str, template: dict[str, Any], spec: dict[str, Any]) -> None:
    assert template["metadata"]["labels"] == spec.get("selector", {}).get("matchLabels", template["metadata"]["labels"])
    volumes = {each["name"] for each in template["spec"].get("volumes", ())}
    mounted = {
        mount["name"]
        for one in (*template["spec"].get("initContainers", ()), *template["spec"]["containers"])
        for mount in one.get("volumeMounts", ())
    }
    assert mounted == volumes


def test_a_service_leads_to_a_port_that_a_pod_has() -> None:
    by_label = {
        template["metadata"]["labels"]["app"]: {
            port["name"] for one in template["spec"]["containers"] for port in one.get("ports", ())
        }
        for _, template, _ in pods()
    }
    for each in OBJECTS:
        if each.kind == "Service":
            wanted = {port["targetPort"] for port in each.spec["ports"]}
            assert wanted <= by_label[each.spec["selector"]["app"]], each.metadata["name"]


def test_secrets_that_are_referred_to_exist() -> None:
    secrets = {each.metadata["name"]: set(each.string_data) for each in OBJECTS if each.kind == "Secret"}
    referred = [
        variable["valueFrom"]["secretKeyRef"]
        for _, one in containers()
        for variable in one.get("env", ())
        if "valueFrom" in variable
    ]
    assert referred
    assert all(each["key"] in secrets[each["name"]] for each in referred)


def test_the_balancer_speaks_to_the_port_that_servers_have() -> None:
    server = COMPOSE.services["server"].command
    upstream = re.findall(r"^\s*server (\S+):(\d+);", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    assert upstream == [("server", next(word.partition("=")[2] for word in server if word.startswith("--port")))]
    assert "proxy_next_upstream off;" in (DEPLOY / "nginx.conf").read_text()


def test_nginx_takes_the_balancers_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or pytest.skip("nginx is not installed")
    text = (DEPLOY / "nginx.conf").read_text().replace("server server:8181;", "server 127.0.0.1:8181;")
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/nginx.pid;\n{text}")
    done = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
