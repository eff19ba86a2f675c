"""One file a revision; numbers grow by one."""
