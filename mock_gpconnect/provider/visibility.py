"""Which slots a consumer may see, and why not the others: one decision, as rows.

`why_hidden` asks every gate of one slot and can name the first that is shut. A search asks the
same gates in bulk: those of the session's options once for each set of options (`admits`),
those of time as the ends of a range (`search_window`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.spec.valuesets import DELIVERY_CHANNELS, NEVER_BOOKABLE_CHANNEL, ROLES_BY_RELEASE
from mock_gpconnect.book.local_time import local_date, local_moment
from mock_gpconnect.book.protocol import Access, Admits, Slot, Window
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.suppliers.profile import Profile

_INSTANT = timedelta(microseconds=1)


def _next_hour(moment: datetime) -> datetime:
    begun = moment.replace(minute=0, second=0, microsecond=0)
    return moment if begun == moment else begun + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """What a consumer says of itself in its filters: nothing else counts."""

    ods: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """A practice's settings at one moment, as far as they hide slots."""

    profile: Profile
    now: datetime
    embargo: timedelta | None = None
    booking_window: timedelta | None = None
    unsubscribed: frozenset[str] = frozenset()

    @property
    def first_start(self) -> datetime | None:
        """The earliest start that may be shown, if there is one."""
        begun = self.now + _INSTANT if self.profile.search.hides_begun else None
        return max((each for each in (begun, self.embargo_ends) if each), default=None)

    @property
    def embargo_ends(self) -> datetime | None:
        """The earliest start that the practice's embargo leaves open."""
        if not self.embargo:
            return None
        whole = self.profile.limits.embargo_unit == "hours"
        return (_next_hour(self.now) if whole else self.now) + self.embargo

    @property
    def last_start(self) -> datetime | None:
        """The latest start that may be shown, if there is one."""
        if self.booking_window is None:
            return None
        if self.profile.limits.window_unit == "moments":
            return self.now + self.booking_window
        last_day = local_date(self.now) + timedelta(days=self.booking_window.days + 1)
        return local_moment(last_day) - _INSTANT


def rules_of(practice: Practice, now: datetime) -> Rules:
    """The practice's settings as they are now."""
    unsubscribed = practice.unsubscribed if practice.profile.limits.subscription else frozenset[str]()
    return Rules(practice.profile, now, practice.embargo, practice.booking_window, unsubscribed)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a set of options: who looks, by which rules."""

    access: Access
    asker: Asker
    rules: Rules


def _role_unlisted(look: Look) -> bool:
    return look.access.role not in ROLES_BY_RELEASE[look.rules.profile.spec_version]


def _held_back(look: Look) -> bool:
    until = look.access.embargo_until
    return until is not None and look.rules.now < until


def _shut_out(only: Collection[str] | None, shown: frozenset[str]) -> bool:
    return only is not None and shown.isdisjoint(only)


def _not_subscribed(look: Look) -> bool:
    meant = look.asker.ods & (look.access.only_ods or frozenset())
    return bool(meant) and meant <= look.rules.unsubscribed


Gate = tuple[str, Callable[[Look], bool]]

OPTION_GATES: tuple[Gate, ...] = (
    ("not_bookable", lambda look: not look.access.bookable),
    ("no_role", lambda look: not look.access.role),
    ("role_not_listed", _role_unlisted),
    ("no_channel", lambda look: not look.access.channel),
    ("home_visit", lambda look: look.access.channel == NEVER_BOOKABLE_CHANNEL),
    ("channel_not_listed", lambda look: look.access.channel not in DELIVERY_CHANNELS),
    ("not_released", _held_back),
    ("other_types_only", lambda look: _shut_out(look.access.only_types, look.asker.types)),
    ("other_organisations_only", lambda look: _shut_out(look.access.only_ods, look.asker.ods)),
    ("not_subscribed", _not_subscribed),
)
"""Reason -> whether the options shut this asker out. A restriction passes only who says that it fits."""


def why_shut(access: Access, asker: Asker, rules: Rules) -> str | None:
    """The first option that hides the session from the asker."""
    look = Look(access, asker, rules)
    for reason, shut in OPTION_GATES:
        if shut(look):
            return reason
    return None


def admits(asker: Asker, rules: Rules) -> Admits:
    """The same decision, for a book to ask of every set of options that it has."""
    return lambda access: why_shut(access, asker, rules) is None


def why_hidden(
    slot: Slot, asker: Asker, rules: Rules, starts: datetime, ends: datetime, *, free: bool, limit_reached: bool
) -> str | None:
    """Why a search from `starts` to `ends` does not show this slot; None if it does."""
    if shut := why_shut(slot.access, asker, rules):
        return shut
    if not free:
        return "not_free"
    if slot.starts < starts or slot.ends > ends:
        return "outside_the_range"
    if hidden := why_untimely(slot.starts, rules):
        return hidden
    return "limit_reached" if limit_reached and rules.profile.limits.slot_limit == "at_search" else None


def why_untimely(start: datetime, rules: Rules) -> str | None:
    """Why a slot that starts then is not offered, whoever asks."""
    if rules.profile.search.hides_begun and start <= rules.now:
        return "begun"
    if rules.embargo_ends and start < rules.embargo_ends:
        return "under_embargo"
    if rules.last_start is not None and start > rules.last_start:
        return "beyond_the_booking_window"
    return None


def search_window(starts: datetime, ends: datetime, rules: Rules) -> Window:
    """The range asked for, narrowed to the starts that are offered at all."""
    first = rules.first_start
    last = rules.last_start
    return Window(max(starts, first) if first else starts, ends, min(ends, last) if last else ends)
