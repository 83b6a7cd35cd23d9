"""The two free texts of an appointment, and the reason for cancelling it, as a supplier's system keeps them."""

from mock_gpconnect.suppliers.profile import Profile


def kept_description(description: str, comment: str | None, profile: Profile) -> str:
    """The description as stored: some systems have one field, and add the comment to it."""
    tail = _tail(comment, profile)
    return description if description.endswith(tail) else description + tail


def own_description(description: str, comment: str | None, profile: Profile) -> str:
    """The description without a comment that the system itself added to it before."""
    return description.removesuffix(_tail(comment, profile))


def kept_reason(reason: str, profile: Profile) -> str:
    """The cancellation reason as stored: it may be cut, nothing else may."""
    return reason[: profile.texts.reason_length]


def _tail(comment: str | None, profile: Profile) -> str:
    return f"{profile.texts.joined_by}{comment}" if profile.texts.joined_by and comment else ""
