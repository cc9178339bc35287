#!/bin/sh
# Makes what the function needs around it: services, a service account of its own, two buckets, and
# their access. The names are those of function.yaml. What is there already stays as it is, so it may
# be run again, after a failure or a change.
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
    cloudbuild.googleapis.com artifactregistry.googleapis.com storage.googleapis.com iam.googleapis.com

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

echo "gs://$originals takes originals, gs://$variants has their variants, $account reads and creates."
