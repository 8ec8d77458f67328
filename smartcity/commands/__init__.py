"""What operators do at the command line, a group of commands a file."""
