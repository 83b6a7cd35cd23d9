"""What a process remembers of slots that it has read from a database."""

from mock_gpconnect.book.protocol import Access
from mock_gpconnect.book.stored import BESIDE_FRAGMENT, Seen, SeenSlots, access_from, access_text
from tests.contracts.books import CLOSED, slot


def seen(number: int) -> Seen:
    return slot(number), b"x" * 100


def test_slots_are_known_together_or_not_at_all() -> None:
    slots = SeenSlots()
    slots.keep({1: seen(1), 2: seen(2)})
    assert slots.of([2, 1]) == [seen(2), seen(1)]
    assert slots.of([1, 3]) is None
    assert slots.of([]) == []


def test_when_they_take_too_much_memory_all_are_forgotten_but_the_last() -> None:
    slots = SeenSlots(most_bytes=2 * (100 + BESIDE_FRAGMENT))
    slots.keep({1: seen(1), 2: seen(2)})
    slots.keep({3: seen(3)})
    assert slots.of([1]) is None
    assert slots.of([3]) == [seen(3)]


def test_equal_options_are_one_text_whatever_the_order_of_their_sets() -> None:
    codes = [f"A{number}" for number in range(50)]
    one, other = (Access(only_ods=frozenset(each)) for each in (codes, codes[::-1]))
    assert access_text(one) == access_text(other)
    assert access_from(access_text(one)) == one
    assert access_from(access_text(CLOSED)) == CLOSED
