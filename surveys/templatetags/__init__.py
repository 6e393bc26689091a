"""Tags and filters that only concern how something looks."""
