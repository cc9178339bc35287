"""Azure: a Functions app on Blob Storage."""
