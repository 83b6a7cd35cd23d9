"""A recorded served run as a scenario: what a foreign consumer asked, and what it was answered."""
