"""Files without their metadata, with unchanged pictures."""
