"""Holds a Bicep file against the models of Microsoft's SDKs, since no Bicep compiler is in a registry.

Checked: the syntax; that each name is declared; each resource's property names, enums, types, and
which it can't do without or can't be given; the properties that are read of other resources. Not
checked: functions' arguments, API versions (the models are of the SDKs' newest), names and limits
that only Azure knows.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Any, Union, get_args, get_origin, get_type_hints

from azure.mgmt.applicationinsights.v2020_02_02 import models as insights
from azure.mgmt.authorization.v2022_04_01 import models as authorization
from azure.mgmt.loganalytics import models as logs
from azure.mgmt.storage import models as storage
from azure.mgmt.web import models as web
from pycep import BicepParser

BICEPS_OWN = ("name", "parent", "scope", "dependsOn")
BICEPS_NAMES = {str: "string", int: "int", bool: "bool"}
SENT = {
    "Microsoft.Authorization/roleAssignments": authorization.RoleAssignmentCreateParameters,
    "Microsoft.Insights/components": insights.ApplicationInsightsComponent,
    "Microsoft.OperationalInsights/workspaces": logs.Workspace,
    "Microsoft.Storage/storageAccounts": storage.StorageAccountCreateParameters,
    "Microsoft.Storage/storageAccounts/blobServices": storage.BlobServiceProperties,
    "Microsoft.Storage/storageAccounts/blobServices/containers": storage.BlobContainer,
    "Microsoft.Web/serverfarms": web.AppServicePlan,
    "Microsoft.Web/sites": web.Site,
    "Microsoft.Web/sites/config": web.StringDictionary,
}
READ = {**SENT, "Microsoft.Storage/storageAccounts": storage.StorageAccount}


@dataclass(frozen=True)
class Field:
    """A property: its Python type, or the properties of a nested object that has no class of its own."""

    kind: Any
    writable: bool = True
    required: bool = False


def fields(model: Any) -> dict[str, Field]:
    """A model's properties, by their names on the wire."""
    if isinstance(model, dict):
        return model
    names = {"_models": sys.modules[model.__module__.rpartition(".")[0]]}
    if hasattr(model, "_attribute_map"):
        return _older(model, get_type_hints(model.__init__, None, names))
    hints = get_type_hints(model, None, names)
    model({})
    return {
        rest._rest_name: Field(hints[name], rest._visibility != ["read"], NoneType not in get_args(hints[name]))
        for name, rest in model._attr_to_rest_field.items()
        if name in hints
    }


def _older(model: Any, hints: dict[str, Any]) -> dict[str, Field]:
    """The same of the older SDKs' models, which flatten nested objects."""
    tree: dict[str, Field] = {}
    for name, entry in model._attribute_map.items():
        *outer, last = entry["key"].replace("\\.", ".").split(".")
        level = tree
        for step in outer:
            level = level.setdefault(step, Field({})).kind
        level[last] = Field(hints.get(name, Any), name in hints, bool(model._validation.get(name, {}).get("required")))
    return tree


def complaints(text: str) -> list[str]:
    """What is wrong with a Bicep file, a line each."""
    return list(Check(text).all())


class Check:
    """One file; its symbols are what the properties' values are looked up in."""

    def __init__(self, text: str) -> None:
        self._text = text
        parsed: Any = BicepParser().parse(text=text)
        self._types = {name: param["type"] for name, param in parsed["parameters"].items()}
        self._variables = {name: variable["value"] for name, variable in parsed["variables"].items()}
        self._resources = parsed["resources"]
        self._outputs = parsed["outputs"]

    def all(self) -> Iterator[str]:
        yield from self._undeclared()
        for name, resource in self._resources.items():
            if resource["type"] not in SENT:
                yield f"{name}: no model is known for {resource['type']}"
                continue
            config = {key: value for key, value in resource["config"].items() if key not in BICEPS_OWN}
            yield from self._object(config, SENT[resource["type"]], name)
            yield from self._references(resource["config"], name)
        for name, output in self._outputs.items():
            yield from self._references(output["value"], name)

    def _undeclared(self) -> Iterator[str]:
        """Names outside of quotes that nothing declares; the parser takes them for texts."""
        declared = {*self._types, *self._variables, *self._resources, "true", "false", "null"}
        code = re.sub(r"//.*|^@.*|^(?:param|output) \w+ \w+|^(?:var|resource) \w+", "", self._text, flags=re.MULTILINE)
        code = re.sub(r"'((?:[^'\\]|\\.)*)'", lambda text: " ".join(re.findall(r"\$\{(.*?)\}", text[1])), code)
        for match in re.finditer(r"(?<![\w.])[A-Za-z_]\w*(?!\w|\s*[(:])", code):
            if match[0] not in declared:
                yield f"{match[0]} is not declared"

    def _object(self, value: dict[str, Any], model: Any, path: str) -> Iterator[str]:
        known = fields(model)
        for key, inner in value.items():
            field = known.get(key.strip("'"))
            if not field:
                yield f"{path}.{key} does not exist; there are {', '.join(sorted(known))}"
            elif not field.writable:
                yield f"{path}.{key} can only be read"
            else:
                yield from self._value(inner, field.kind, f"{path}.{key}")
        yield from (f"{path}.{key} is missing" for key, field in known.items() if field.required and key not in value)

    def _value(self, value: Any, kind: Any, path: str) -> Iterator[str]:
        kind = _plain(kind)
        if isinstance(value, str):
            value = self._variables.get(value, value)
        if isinstance(value, dict) and value.keys() in ({"function"}, {"operator"}):
            # Known when deployed only, but for what union() adds to it.
            parts = value["function"]["parameters"].values() if "function" in value else ()
            for part in (part for part in parts if isinstance(part, dict) and value["function"]["type"] == "union"):
                yield from self._value(part, kind, path)
        elif isinstance(value, str) and value in self._types:
            if self._types[value] != BICEPS_NAMES.get(kind, self._types[value]):
                yield f"{path} takes {kind.__name__}, not the {self._types[value]} {value}"
        elif isinstance(kind, dict) or hasattr(kind, "as_dict"):
            yield from self._object(value, kind, path) if isinstance(value, dict) else (f"{path} takes an object",)
        elif get_origin(kind) in (list, dict):
            yield from self._collection(value, kind, path)
        else:
            yield from _scalar(value, kind, path)

    def _collection(self, value: Any, kind: Any, path: str) -> Iterator[str]:
        origin, inner = get_origin(kind), get_args(kind)[-1]
        if not isinstance(value, origin):
            yield f"{path} takes a {origin.__name__}"
            return
        for key, part in value.items() if origin is dict else enumerate(value):
            yield from self._value(part, inner, f"{path}[{key}]")

    def _references(self, value: Any, path: str) -> Iterator[str]:
        for chain in set(_chains(value)):
            root, *steps = chain
            if root not in self._resources or steps in (["id"], ["name"]):
                continue
            model: Any = READ[self._resources[root]["type"]]
            for step in steps:
                known = fields(model) if isinstance(model, dict) or hasattr(model, "as_dict") else {}
                if step not in known:
                    yield f"{path}: {'.'.join(chain)} does not exist; there are {', '.join(sorted(known))}"
                    break
                model = _plain(known[step].kind)


def _plain(kind: Any) -> Any:
    """A property's type without None, and the enum alone where a text may stand for its member."""
    if get_origin(kind) is not Union:
        return kind
    kinds = [one for one in get_args(kind) if one is not NoneType]
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, Enum)), kinds[0])


def _scalar(value: Any, kind: Any, path: str) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        allowed = [str(member.value) for member in kind]
        if value not in allowed:
            yield f"{path} takes {', '.join(allowed)}, not {value!r}"
    elif kind is not Any and type(value) is not kind:
        yield f"{path} takes {kind.__name__}, not {value!r}"


def _chains(value: Any) -> Iterator[tuple[str, ...]]:
    """Each a.b.c in a value, also in texts' ${a.b.c}."""
    if isinstance(value, str):
        yield from (tuple(found.split(".")) for found in re.findall(r"\$\{([\w.]+)\}", value))
    elif isinstance(value, list):
        for part in value:
            yield from _chains(part)
    elif isinstance(value, dict):
        operator = value.get("operator", {})
        if operator.get("type") == "property_accessor":
            yield tuple(_steps(value))
        for part in value.values():
            yield from _chains(part)


def _steps(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and "operator" in value:
        yield from _steps(value["operator"]["operands"]["operand_1"])
        yield from _steps(value["operator"]["operands"]["operand_2"])
