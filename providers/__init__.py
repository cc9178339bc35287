"""One folder a cloud: an entry point, a storage adapter and a deploy manifest each."""
