"""Cloud Functions: what is deployed runs, on the emulator's buckets."""

import re

from tests.e2e.gcp.apis.revisions import Package, start
from tests.e2e.gcp.apis.state import Call, Google, Json, Routes, now, set_policy


def upload_url(google: Google, _: Call) -> Json:
    source = {"bucket": "gcf-sources", "object": "source.zip", "generation": "1"}
    return {"uploadUrl": f"{google.url}/upload/source.zip", "storageSource": source}


def upload(google: Google, call: Call) -> Json:
    google.source = call.body
    return {}


def add_function(google: Google, call: Call) -> Json:
    name = f"{call.name}/functions/{call.query['functionId'][0]}"
    google.functions[name] = {**call.json, "name": name, "environment": "GEN_2"}
    return roll_out(google, name)


def change_function(google: Google, call: Call) -> Json | None:
    """Takes over what the mask names, which the request has or else is taken away (google.protobuf.FieldMask)."""
    function = google.functions.get(call.name)
    if function is None:
        return None
    for path in call.query["updateMask"][0].split(","):
        *parents, last = (re.sub(r"_(\w)", lambda letter: letter[1].upper(), name) for name in path.split("."))
        kept, given = function, call.json
        for parent in parents:
            kept, given = kept.setdefault(parent, {}), given.get(parent, {})
        kept.pop(last, None)
        if last in given:
            kept[last] = given[last]
    return roll_out(google, call.name)


def delete_function(google: Google, call: Call) -> Json | None:
    if google.functions.pop(call.name, None) is None:
        return None
    if call.name in google.revisions:
        google.revisions.pop(call.name).stack.close()
    return operation(google, call.name, {"response": {}})


def roll_out(google: Google, name: str) -> Json:
    """Builds and starts the function as it is described now; what ran before goes on until the new one is ready."""
    failure = build_and_start(google, name)
    function = google.functions[name]
    function["state"] = "ACTIVE" if name in google.revisions else "FAILED"
    function["updateTime"] = now()
    if failure:
        return operation(google, name, {"error": {"code": 3, "message": failure}})
    return operation(google, name, {"response": function})


def build_and_start(google: Google, name: str) -> str:
    """Why it failed, or nothing."""
    function = google.functions[name]
    config = function["serviceConfig"]
    secrets = {
        variable["key"]: (variable["secret"], variable["version"])
        for variable in config.get("secretEnvironmentVariables", [])
    }
    env, entry_point = config.get("environmentVariables", {}), function["buildConfig"]["entryPoint"]
    failure = start(google, name, Package(google.source, entry_point, env, secrets))
    if not failure:
        url = google.revisions[name].server.match[1]
        config.update(uri=url, service=name.replace("/functions/", "/services/"))
        function["url"] = url
    return failure


def operation(google: Google, function: str, outcome: Json) -> Json:
    """An operation that is done when it is first asked for."""
    name = f"{function.partition('/functions/')[0]}/operations/{len(google.operations)}"
    google.operations[name] = {"name": name, "done": True, "metadata": {"@type": "OperationMetadata"}, **outcome}
    return {"name": name}


PLACE = r"/v[12](?:beta|alpha)?/(projects/[^/]+/locations/[^/]+)"
FUNCTION = r"/v2/(projects/[^/]+/locations/[^/]+/functions/[^/]+)"
ROUTES: Routes = [
    ("GET", PLACE + "/runtimes", lambda *_: {"runtimes": [{"name": "python313", "environment": "GEN_2"}]}),
    ("POST", PLACE + "/functions:generateUploadUrl", upload_url),
    ("PUT", r"/upload/source\.zip", upload),
    ("POST", PLACE + "/functions", add_function),
    ("GET", FUNCTION, lambda google, call: google.functions.get(call.name)),
    ("PATCH", FUNCTION, change_function),
    ("DELETE", FUNCTION, delete_function),
    ("GET", r"/v2/(projects/[^/]+/locations/[^/]+/operations/\d+)", lambda google, call: google.operations[call.name]),
    ("GET", PLACE + "/defaultServiceAccount", lambda *_: {"serviceAccountEmail": "projects/p/serviceAccounts/build@p"}),
    ("GET", PLACE + r"/services/[^/]+:getIamPolicy", lambda *_: {"bindings": []}),
    ("POST", r"/v1/(projects/.+/services/[^/]+):setIamPolicy", set_policy),
]
