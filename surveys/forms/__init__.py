"""Forms check the shape of what was typed; the actions decide whether it may be done."""
