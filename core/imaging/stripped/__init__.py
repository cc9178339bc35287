"""Files without their metadata: the pictures in them are not touched."""
