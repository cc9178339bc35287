"""A CloudFormation template as it is once its conditions are decided."""

from collections.abc import Mapping
from typing import Any

NOTHING = {"Ref": "AWS::NoValue"}


def decided(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template with each Fn::If replaced by what it chooses, and without what is left out."""
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
    """Whether a condition made of Fn::Equals, Fn::Not and other conditions' names holds."""
    ((function, operands),) = condition.items()
    if function == "Fn::Equals":
        return str(operands[0]) == str(operands[1])
    if function == "Fn::Not":
        return not holds(operands[0], conditions)
    assert function == "Condition", condition
    return holds(conditions[operands], conditions)


def choose(value: Any, conditions: Mapping[str, Any]) -> Any:
    """A value of the template with its conditions decided."""
    if isinstance(value, dict):
        if list(value) == ["Fn::If"]:
            name, yes, no = value["Fn::If"]
            return choose(yes if holds(conditions[name], conditions) else no, conditions)
        items = {name: choose(item, conditions) for name, item in value.items()}
        return {name: item for name, item in items.items() if item != NOTHING}
    if isinstance(value, list):
        return [item for item in (choose(item, conditions) for item in value) if item != NOTHING]
    return value
