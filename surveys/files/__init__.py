"""Files that people hand in: what they are by their content, whatever their names say. Pure: no Django."""
