"""The only writers: each checks permission, checks the move, writes, and records the event at once."""
