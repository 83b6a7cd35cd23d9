"""The wire as tables: what may be asked, what may be said, and the names both sides use."""
