"""Self-Book: a practice texts a link, the patient books in another organisation."""
