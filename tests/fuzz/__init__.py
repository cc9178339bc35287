"""Coverage-guided fuzzing of what strangers send: `./noxw -s fuzz -- --seconds 600`."""
