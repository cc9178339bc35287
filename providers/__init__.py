"""One folder per provider: entry point, storage adapter, deploy manifest. `wsgi.py` is what two of them share."""
