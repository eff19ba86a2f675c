"""Every mutation by several real processes at once, some of which are killed."""
