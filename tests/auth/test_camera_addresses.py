import pytest

from server.auth.camera_addresses import (
    PRIVATE_NETWORKS,
    CameraAddressForbidden,
    CameraAddressUnusable,
    CameraSource,
    read_source,
)


def read(address: str, user: str = "", password: str = "") -> CameraSource:
    return read_source(address, user, password, PRIVATE_NETWORKS)


def test_name_and_password_are_parted_from_the_address() -> None:
    wanted = CameraSource(url="rtsp://192.168.1.64:554/Streaming/Channels/101", user="admin", password="p@ss:w/rd")

    assert read("rtsp://admin:p%40ss%3Aw%2Frd@192.168.1.64:554/Streaming/Channels/101") == wanted
    assert read(" RTSP://192.168.1.64:554/Streaming/Channels/101 ", "admin", "p@ss:w/rd") == wanted
    assert read("rtsp://x:y@192.168.1.64:554/Streaming/Channels/101", "admin", "p@ss:w/rd") == wanted
    assert read("rtsps://[fd00::5]:8322/a?b=c").url == "rtsps://[fd00::5]:8322/a?b=c"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://10.0.0.5/cam/realmonitor?channel=1&subtype=0", "rtsp://10.0.0.5/cam/realmonitor?…"),
        ("rtsp://10.0.0.5:554/user=admin_password=x_channel=1.sdp", "rtsp://10.0.0.5:554/…"),
        ("rtsp://10.0.0.5/a%70wd%3Dx", "rtsp://10.0.0.5/…"),
        ("rtsp://10.0.0.5/Streaming/Channels/101", "rtsp://10.0.0.5/Streaming/Channels/101"),
    ],
)
def test_address_that_holds_a_password_is_not_shown_whole(address: str, shown: str) -> None:
    assert read(address).shown == shown


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.64/",
        "file:///etc/passwd",
        "rtsp://",
        "rtsp://192.168.1.64:22/",
        "rtsp://192.168.1.64:99999/",
        "rtsp://192.168.1.64/a b",
        "rtsp://192.168.1.64/a\r\nDESCRIBE x",
        "rtsp://192.168.1.64/" + 500 * "a",
        "rtsp://[zz]/",
        "rtsp://a_b!/",
        "192.168.1.64",
    ],
)
def test_what_is_no_address_of_a_camera_is_refused(address: str) -> None:
    with pytest.raises(CameraAddressUnusable):
        read(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "8.8.8.8", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_places_where_no_camera_stands_are_forbidden(host: str) -> None:
    with pytest.raises(CameraAddressForbidden):
        read(f"rtsp://{host}/1")


def test_name_of_a_host_is_judged_later_and_credentials_must_be_typable() -> None:
    assert read("rtsp://camera-1.county.example/1").url == "rtsp://camera-1.county.example/1"
    with pytest.raises(CameraAddressUnusable):
        read("rtsp://10.0.0.5/", "admin", "a\r\nb")
