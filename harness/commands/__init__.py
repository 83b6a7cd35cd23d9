"""What each subcommand does; options come as one value, the exit code goes back."""
