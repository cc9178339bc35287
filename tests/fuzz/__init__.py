"""Coverage-guided fuzzing of untrusted input: `./noxw -s fuzz -- --seconds 600`."""
