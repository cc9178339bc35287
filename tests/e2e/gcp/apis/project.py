"""The project, its APIs and its service accounts. Every requested project exists."""

from tests.e2e.gcp.apis.state import Call, Google, Json, Refused, Routes, policy, set_policy


def project(_: Google, call: Call) -> Json:
    return {"projectId": call.name, "projectNumber": "1", "name": call.name, "lifecycleState": "ACTIVE"}


def enable(google: Google, call: Call) -> Json:
    google.services.update(call.json.get("serviceIds", [call.name]))
    return {"name": "operations/enabled", "done": True, "response": {}}


def state(google: Google, call: Call) -> Json:
    return {"state": "ENABLED" if call.name in google.services else "DISABLED"}


def add_account(google: Google, call: Call) -> Json:
    email = f"{call.json['accountId']}@{call.name}.iam.gserviceaccount.com"
    if email in google.accounts:
        raise Refused(409, f"Service account {call.json['accountId']} already exists within project {call.name}.")
    google.accounts[email] = {**call.json["serviceAccount"], "email": email}
    return google.accounts[email]


def accounts(google: Google, _: Call) -> Json:
    return {"accounts": list(google.accounts.values())}


def delete_account(google: Google, call: Call) -> Json | None:
    return None if google.accounts.pop(call.name, None) is None else {}


ACCOUNT = r"/v1/projects/[^/]+/serviceAccounts/(.+)"
ROUTES: Routes = [
    ("GET", r"/v1/projects/([^/]+)", project),
    ("POST", r"/v1/projects/([^/:]+):getIamPolicy", policy),
    ("POST", r"/v1/projects/([^/:]+):setIamPolicy", set_policy),
    ("POST", r"/v1/projects/[^/]+/services:batchEnable", enable),
    ("POST", r"/v1/projects/[^/]+/services/(.+):enable", enable),
    ("GET", r"/v1/projects/[^/]+/services/(.+)", state),
    ("POST", r"/v1/projects/([^/]+)/serviceAccounts", add_account),
    ("GET", r"/v1/projects/[^/]+/serviceAccounts", accounts),
    ("GET", ACCOUNT, lambda google, call: google.accounts.get(call.name)),
    ("DELETE", ACCOUNT, delete_account),
]
