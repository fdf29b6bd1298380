"""A hospital as one YAML file: read, checked line by line, and written in one transaction."""
