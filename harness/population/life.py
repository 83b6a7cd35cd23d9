"""Gender, birth and death: dates at the edges, dates half known, and people who are dead or were thought so."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date

from harness.population.draft import Draft
from harness.population.draws import OLDEST, Draws, iso
from harness.population.features import Aspect, Change, Feature
from mock_pds.person import Removal

FEBRUARY_29 = (2, 29)
VERY_OLD = 110


def _gender(gender: str | None) -> Change:
    def change(draft: Draft, _: Draws) -> None:
        draft.gender = gender

    return change


def _born(draft: Draft, draws: Draws, born: date) -> None:
    """Sets the day of birth, and when they moved to where they live: not before it."""
    draft.born = born.isoformat()
    draft.since = iso(draws.between(born.toordinal(), draws.today))


def _leap_day(draft: Draft, draws: Draws) -> None:
    this_year = date.fromordinal(draws.today).year
    leap_years = [year for year in range(this_year - OLDEST, this_year) if isleap(year)]
    _born(draft, draws, date(draws.pick(leap_years), *FEBRUARY_29))


def _born_today(draft: Draft, draws: Draws) -> None:
    """Not yet named: hospitals write down what they have."""
    _born(draft, draws, date.fromordinal(draws.today))
    draft.given, draft.title = ("BABY",), ""


def _very_old(draft: Draft, draws: Draws) -> None:
    """Aged 110 since a day at most half a year ago."""
    _born(draft, draws, date.fromordinal(draws.years_ago(VERY_OLD) - draws.below(180) - 1))


def _first_january(draft: Draft, draws: Draws) -> None:
    """An estimate: only the year was known."""
    year = date.fromordinal(draws.birth()).year
    _born(draft, draws, date(year, 1, 1))


def _known_to(length: int) -> Change:
    """A legacy date of birth: the year, or the year and the month."""

    def change(draft: Draft, _: Draws) -> None:
        draft.born = draft.born and draft.born[:length]

    return change


def _no_birth_date(draft: Draft, _: Draws) -> None:
    draft.born = None


def _died(notice: str, written: str) -> Change:
    """Dead since some day after they moved to where they lived; `written` is the form in which the record has it."""

    def change(draft: Draft, draws: Draws) -> None:
        moved = date.fromisoformat(draft.since).toordinal()
        day = draws.between(moved, draws.today)
        noticed = iso(min(draws.today, day + draws.below(14)))
        draft.more |= {
            "deceased": date.fromordinal(day).strftime(written),
            "death_notice": notice,
            "death_noticed": f"{noticed}T00:00:00+00:00",
            "removal": Removal("DEA", "Death", noticed),
        }

    return change


def _notice_removed(draft: Draft, _: Draws) -> None:
    """Somebody was taken for dead and lives."""
    draft.more |= {"death_notice": "U", "death_noticed": f"{draft.since}T00:00:00+00:00"}


def _confidentiality(code: str) -> Change:
    def change(draft: Draft, _: Draws) -> None:
        draft.more["confidentiality"] = code

    return change


def _invalidated(draft: Draft, _: Draws) -> None:
    draft.more["invalidated"] = True


LIFE_ASPECTS: Sequence[Aspect] = (
    Aspect(
        Feature("gender_other", 0.01, 1, _gender("other")),
        Feature("gender_unknown", 0.01, 1, _gender("unknown")),
        Feature("gender_absent", 0.01, 1, _gender(None)),
    ),
    Aspect(
        Feature("born_on_1_january", 0.01, 2, _first_january),
        Feature("born_on_29_february", 0, 1, _leap_day),
        Feature("born_today", 0, 1, _born_today),
        Feature("aged_110", 0, 1, _very_old),
        Feature("born_in_a_month", 0, 1, _known_to(len("yyyy-mm"))),
        Feature("born_in_a_year", 0, 1, _known_to(len("yyyy"))),
        Feature("birth_date_absent", 0, 1, _no_birth_date),
    ),
    Aspect(
        Feature("deceased_informally", 0.010, 1, _died("1", "%Y-%m-%d")),
        Feature("deceased_formally", 0.015, 2, _died("2", "%Y-%m-%dT04:30:00+00:00")),
        Feature("deceased_in_a_month", 0, 1, _died("2", "%Y-%m")),
        Feature("death_notice_removed", 0.005, 1, _notice_removed),
    ),
    Aspect(
        Feature("restricted", 0.005, 3, _confidentiality("R")),
        Feature("very_restricted", 0, 1, _confidentiality("V")),
    ),
    Aspect(Feature("invalidated", 0, 1, _invalidated)),
)
