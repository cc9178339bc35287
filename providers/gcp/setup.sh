#!/bin/sh
# Makes what the function needs around it: services, a service account of its own, two buckets, the secret of
# signed sizes if they are switched on, and their access. The names are those of function.yaml. What is there
# already stays as it is, so it may be run again, after a failure or a change.
#
# usage: providers/gcp/setup.sh [FLAGS_FILE]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
flags=${1:-$here/function.yaml}

named() {
    value=$(sed -n "s/^ *$1: *\([^ #]*\).*/\1/p" "$flags" | tr -d "\"'")
    if [ -z "$value" ]; then
        echo "setup.sh: $flags has no $1" >&2
        exit 1
    fi
    echo "$value"
}

project=$(named --project)
region=$(named --region)
account=$(named --service-account)
variants=$(named BUCKET)
originals=$(named ORIGINALS_BUCKET)
secret=$(sed -n 's/^--set-secrets:.*SIGNING_KEYS=\([^:]*\):.*/\1/p' "$flags")

bucket() {
    if ! gcloud storage buckets describe "gs://$1" --project="$project" >/dev/null 2>&1; then
        gcloud storage buckets create "gs://$1" --project="$project" --location="$region" \
            --uniform-bucket-level-access "${2:---no-public-access-prevention}"
    fi
}

allow() {
    gcloud storage buckets add-iam-policy-binding "gs://$1" --member="$2" --role="roles/storage.$3" \
        --project="$project" >/dev/null
}

gcloud services enable --project="$project" cloudfunctions.googleapis.com run.googleapis.com \
    cloudbuild.googleapis.com artifactregistry.googleapis.com storage.googleapis.com iam.googleapis.com \
    ${secret:+secretmanager.googleapis.com}

if ! gcloud iam service-accounts describe "$account" --project="$project" >/dev/null 2>&1; then
    gcloud iam service-accounts create "${account%%@*}" --project="$project" --display-name="Sizewise"
fi

[ "$originals" = "$variants" ] || bucket "$originals" --public-access-prevention
bucket "$variants"
gcloud storage buckets update "gs://$variants" --project="$project" --cors-file="$here/cors.json"

# The function reads originals and creates variants. It can neither overwrite nor delete any object,
# and has no role in the project. Listing, which objectViewer brings, is what makes Cloud Storage
# answer 404 and not 403 for an object that is not there.
allow "$originals" "serviceAccount:$account" objectViewer
allow "$variants" "serviceAccount:$account" objectViewer
allow "$variants" "serviceAccount:$account" objectCreator
# Everybody reads variants, and cannot list them.
allow "$variants" allUsers legacyObjectReader

if [ -n "$secret" ]; then
    if ! gcloud secrets describe "$secret" --project="$project" >/dev/null 2>&1; then
        gcloud secrets create "$secret" --project="$project"
    fi
    # The first version is asked for by itself: a run may have ended before it was made. The key goes through a pipe
    # alone, so that neither the screen nor the list of processes shows it.
    if ! gcloud secrets versions describe 1 --secret="$secret" --project="$project" >/dev/null 2>&1; then
        openssl rand -base64 32 | tr -d '\n' |
            gcloud secrets versions add "$secret" --project="$project" --data-file=-
    fi
    gcloud secrets add-iam-policy-binding "$secret" --member="serviceAccount:$account" \
        --role=roles/secretmanager.secretAccessor --project="$project" >/dev/null
fi

echo "gs://$originals takes originals, gs://$variants has their variants, $account reads and creates."
