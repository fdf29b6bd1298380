"""Read side of the console: queues, counts, search and one case, all scoped by `core.scope`."""
