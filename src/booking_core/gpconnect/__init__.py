"""The GP Connect dialect, without I/O: tokens and requests out, replies in."""
