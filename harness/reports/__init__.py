"""Reports: the same results for a terminal, a build server and a program."""
