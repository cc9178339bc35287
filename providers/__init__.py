"""One folder per provider: entry point, storage adapter, deploy manifest. Several providers share the files here."""
