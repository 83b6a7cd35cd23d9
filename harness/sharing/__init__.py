"""A world that several processes or hosts serve together, over one PostgreSQL."""
