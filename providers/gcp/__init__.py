"""Google Cloud: a Cloud Run function on Cloud Storage."""
