"""The suite tries a hundred cases of each property; `--hypothesis-profile=long` tries thousands."""

from hypothesis import settings

settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)
