"""The command line: plain strings in, frozen values to the packages below, words and exit codes out."""
