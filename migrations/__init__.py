"""The database's history; `migrations.upgrade` brings a database to its newest shape."""
