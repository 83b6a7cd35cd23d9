import pytest

from mock_gpconnect.spine.cross_origin import cors_headers, verbs_at


@pytest.mark.parametrize(
    ("path", "verbs"),
    [
        ("/metadata", ("GET",)),
        ("/Organization", ("GET",)),
        ("/Organization/1", ("GET",)),
        ("/Practitioner", ("GET",)),
        ("/Practitioner/1", ("GET",)),
        ("/Patient", ("GET",)),
        ("/Patient/1", ("GET",)),
        ("/Patient/1/Appointment", ("GET",)),
        ("/Patient/$gpc.registerpatient", ("POST",)),
        ("/Location", ("GET",)),
        ("/Location/1", ("GET",)),
        ("/Slot", ("GET",)),
        ("/Appointment", ("POST",)),
        ("/Appointment/1", ("GET", "PUT")),
        ("/Slot/1", ()),
        ("/Nowhere", ()),
        ("/slot", ()),
        ("", ()),
    ],
)
def test_each_path_has_its_verbs(path: str, verbs: tuple[str, ...]) -> None:
    assert verbs_at(path) == verbs


def test_the_verbs_are_named_in_the_header_that_the_suite_reads() -> None:
    assert cors_headers(("GET", "PUT"))["access-control-request-method"] == "GET, PUT"
