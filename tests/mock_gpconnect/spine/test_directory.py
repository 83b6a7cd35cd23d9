from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_gpconnect.spine.directory import Directory, Registration, lies_under

ROOT = "https://gp.test/T90051/STU3/1/gpconnect"


def provider(**changed: Any) -> Registration:
    made = Registration("T90051", "990000000051", "T90051-9000051", "T9Y", frozenset({"urn:slot"}), ROOT)
    return replace(made, **changed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, True, id="an address implies an MHS record"),
        pytest.param({"address": None}, False, id="a consumer-only system has none"),
        pytest.param({"address": None, "message_handling": True}, True, id="a record may lack an address"),
        pytest.param({"message_handling": False}, False, id="an address may lack a record"),
    ],
)
def test_a_system_has_an_mhs_record_when_it_can_be_reached_or_says_so(changed: dict[str, Any], expected: bool) -> None:
    assert provider(**changed).has_mhs_record is expected


def test_the_fqdn_is_the_host_of_the_first_address() -> None:
    assert provider(further_addresses=("https://other.test/x",)).fqdn == "gp.test"
    assert provider(address=None).fqdn == ""


def test_a_cpa_id_is_20_hex_characters_of_its_own_for_each_interaction() -> None:
    found = {provider().cpa_id("urn:slot"), provider().cpa_id("urn:metadata"), provider().cpa_id("urn:slot")}

    assert len(found) == 2
    assert all(len(cpa_id) == 20 and int(cpa_id, 16) for cpa_id in found)


def test_organisations_and_party_keys_are_found_in_any_case_and_asids_exactly() -> None:
    directory = Directory([provider()])

    assert list(directory.in_organisation("t90051")) == [provider()]
    assert list(directory.with_party_key("t90051-9000051")) == [provider()]
    assert directory.by_asid("990000000051") == provider()
    assert directory.by_asid("99000000005") is None


def test_an_agreement_has_a_direction() -> None:
    directory = Directory(agreements=[("T90050", "T90051")])

    assert directory.agreed("t90050", "T90051")
    assert not directory.agreed("T90051", "T90050")


def test_a_system_whose_time_is_over_is_found_no_more(clock: Any) -> None:
    directory = Directory([provider(until=clock() + timedelta(hours=1))], now=clock)
    assert directory.by_asid("990000000051")

    clock.forward(hours=1)

    assert directory.by_asid("990000000051") is None
    assert list(directory.in_organisation("T90051")) == []
    assert list(directory.with_party_key("T90051-9000051")) == []


def test_an_asid_belongs_to_one_system_at_a_time() -> None:
    with pytest.raises(ValueError, match="ASID 990000000051 is taken by T90051, so T90052 needs another"):
        Directory([provider(), provider(ods="T90052")])


def test_a_registration_for_a_time_needs_a_clock(clock: Any) -> None:
    with pytest.raises(ValueError, match="give the Directory a clock"):
        Directory([provider(until=clock())])


def test_a_practice_that_moves_keeps_its_asid_when_the_two_registrations_do_not_overlap(clock: Any) -> None:
    moving_day = clock() + timedelta(hours=1)
    new_root = "https://new.test/T90051/STU3/1/gpconnect"
    directory = Directory([provider(until=moving_day), provider(since=moving_day, address=new_root)], now=clock)
    before = directory.by_asid("990000000051")

    clock.forward(hours=1)
    after = directory.by_asid("990000000051")

    assert before and before.address == ROOT
    assert after and after.address == new_root


def test_a_system_without_an_as_record_has_no_asid_to_be_found_by() -> None:
    assert Directory([provider(accredited=False)]).by_asid("990000000051") is None


@pytest.mark.parametrize(
    ("target", "root", "expected"),
    [
        (ROOT, ROOT, True),
        (ROOT + "/Slot", ROOT, True),
        (ROOT + "//Slot", ROOT + "/", True),
        (ROOT + "/Slot", ROOT + "/", True),
        (ROOT + "s/Slot", ROOT, False),
        ("https://gp.test:443/T90051/STU3/1/gpconnect/Slot", ROOT, False),
        ("https://GP.test/T90051/STU3/1/gpconnect/Slot", ROOT, False),
        ("https:/gp.test/T90051/STU3/1/gpconnect/Slot", ROOT, False),
        ("https://gp.test/T90051/STU3/1/gpc%6Fnnect/Slot", ROOT, False),
        ("", ROOT, False),
    ],
)
def test_a_url_lies_under_a_root_only_when_it_begins_with_it_byte_for_byte(
    target: str, root: str, expected: bool
) -> None:
    assert lies_under(target, root) is expected


def test_the_longest_root_wins_where_several_fit() -> None:
    directory = Directory([provider(), provider(asid="1", address=ROOT + "/documents")])

    assert directory.root_of(ROOT + "/documents/Binary/1") == ROOT + "/documents"
    assert directory.root_of(ROOT + "/Slot") == ROOT
    assert directory.root_of("https://elsewhere.test/") is None
