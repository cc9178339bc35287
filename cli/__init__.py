"""The command `sizewise`: one file per subcommand."""
