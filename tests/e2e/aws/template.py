"""CloudFormation templates made by `osls package`: what cfn-lint finds in them, and their conditions resolved."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Template = dict[str, Any]
NOTHING = {"Ref": "AWS::NoValue"}


def linted(template: Path, *regions: str) -> str:
    """What cfn-lint finds in a template for these regions, except for four rules.

    W8003 and W1028: osls replaces a parameter before CloudFormation sees the condition, which is then constant.
    E3013 and E1159, without a domain: the domain's name and certificate are empty, in a branch that is not taken.
    """
    ignored = "W8003,W1028" + ("" if "arn:aws:acm:" in template.read_text() else ",E3013,E1159")
    lint = Path(sys.executable).with_name("cfn-lint")
    command = [str(lint), f"--ignore-checks={ignored}", "--regions", *regions, "--template", str(template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.stdout


def properties(template: Template, name: str) -> dict[str, Any]:
    """The properties of a resource of a resolved template."""
    found = template["Resources"][name]["Properties"]
    assert isinstance(found, dict)
    return found


def resolved(template: Mapping[str, Any]) -> Template:
    """The template with each Fn::If replaced by its chosen value, and without resources whose condition is false."""
    conditions = template.get("Conditions", {})
    resources = {
        name: resource
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds(conditions[resource["Condition"]], conditions)
    }
    chosen = choose({**template, "Resources": resources}, conditions)
    assert isinstance(chosen, dict)
    return chosen


def holds(condition: Mapping[str, Any], conditions: Mapping[str, Any]) -> bool:
    """Whether a condition holds; it is made of Fn::Equals, Fn::Not and names of other conditions."""
    ((function, operands),) = condition.items()
    if function == "Fn::Equals":
        return str(operands[0]) == str(operands[1])
    if function == "Fn::Not":
        return not holds(operands[0], conditions)
    assert function == "Condition", condition
    return holds(conditions[operands], conditions)


def choose(value: Any, conditions: Mapping[str, Any]) -> Any:
    """A value of the template with its conditions resolved."""
    if isinstance(value, dict):
        if list(value) == ["Fn::If"]:
            name, yes, no = value["Fn::If"]
            return choose(yes if holds(conditions[name], conditions) else no, conditions)
        items = {name: choose(item, conditions) for name, item in value.items()}
        return {name: item for name, item in items.items() if item != NOTHING}
    if isinstance(value, list):
        return [item for item in (choose(item, conditions) for item in value) if item != NOTHING]
    return value
