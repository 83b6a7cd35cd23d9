import pytest

from mock_gpconnect.spine.relay import RawHeaders, end_to_end, origin_and_target, request_headers


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://gp.test/T90051/Slot?a=1", "https://gp.test", b"/T90051/Slot?a=1"),
        ("https://gp.test:8443//a/../b", "https://gp.test:8443", b"//a/../b"),
        ('https://gp.test/?x="|%7c^`{}', "https://gp.test", b'/?x="|%7c^`{}'),
        ("https://gp.test", "https://gp.test", b"/"),
        pytest.param("https://gp.test/\xe9 \x01#x", "https://gp.test", b"/%E9%20%01%23x", id="not for a wire"),
    ],
)
def test_a_target_is_left_alone_as_far_as_the_wire_allows(url: str, origin: str, target: bytes) -> None:
    assert origin_and_target(url) == (origin, target)


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ([(b"X-A", b"1"), (b"x-a", b"2")], [(b"X-A", b"1"), (b"x-a", b"2")]),
        ([(b"Transfer-Encoding", b"chunked"), (b"TE", b"trailers"), (b"upgrade", b"h2c")], []),
        ([(b"connection", b"close, X-Hop"), (b"Connection", b"x-other"), (b"x-hop", b"1"), (b"X-Other", b"2")], []),
    ],
)
def test_headers_of_one_hop_stay_behind(headers: RawHeaders, left: RawHeaders) -> None:
    assert end_to_end(headers) == left


def test_host_and_length_are_the_senders_own_affair() -> None:
    assert request_headers([(b"Host", b"ssp.test"), (b"Content-Length", b"9"), (b"accept", b"x")]) == [
        (b"accept", b"x")
    ]
