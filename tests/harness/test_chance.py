import uuid

from harness.chance import Chance


def test_one_seed_repeats_itself() -> None:
    first, second = Chance(7).stream("fault", "lost"), Chance(7).stream("fault", "lost")
    assert [first.random() for _ in range(5)] == [second.random() for _ in range(5)]


def test_another_seed_or_another_name_is_another_stream() -> None:
    streams = [Chance(7).stream("a"), Chance(8).stream("a"), Chance(7).stream("b"), Chance(7).stream("a", "b")]
    assert len({stream.random() for stream in streams}) == 4


def test_drawing_from_one_stream_leaves_the_others_alone() -> None:
    chance = Chance(7)
    untouched = Chance(7).stream("people").random()
    chance.stream("fault", "lost").random()
    assert chance.stream("people").random() == untouched


def test_the_stream_of_a_name_is_the_same_in_every_process() -> None:
    assert Chance(7).stream("fault", "lost").randrange(10**6) == 441484


def test_ids_are_lower_case_version_4_uuids_that_repeat() -> None:
    new_id, again = Chance(7).ids("pds"), Chance(7).ids("pds")
    drawn = [new_id() for _ in range(100)]
    assert drawn == [again() for _ in range(100)]
    assert len(set(drawn)) == 100
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant) for one in drawn} == {(4, uuid.RFC_4122)}
    assert all(str(uuid.UUID(one)) == one for one in drawn)
