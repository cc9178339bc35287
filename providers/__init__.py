"""One folder per provider: entry point, storage adapter, deploy manifest. The files here are shared by several."""
