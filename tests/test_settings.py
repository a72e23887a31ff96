from pathlib import Path

import pytest

from server.settings import Settings, SettingsUnusable, Tls, read_settings


def test_without_variables_everything_is_as_documented() -> None:
    assert read_settings({"HOME": "/root", "lianping_port": "1"}) == Settings()


def test_every_variable_is_read_into_its_type() -> None:
    settings = read_settings(
        {
            "LIANPING_DATA": "/srv/lianping",
            "LIANPING_REDIS_URL": "redis://store:6379/0",
            "LIANPING_HOST": "::1",
            "LIANPING_PORT": "443",
            "LIANPING_TLS": "files",
            "LIANPING_TLS_CHAIN": "/etc/chain.pem",
            "LIANPING_TLS_KEY": "/etc/key.pem",
            "LIANPING_MEDIA": "false",
            "LIANPING_MEDIA_HOST": "10.0.0.1",
            "LIANPING_MEDIA_PORT": "9000",
            "LIANPING_MEDIA_ADDRESSES": "10.0.0.1, 10.0.0.2",
            "LIANPING_NAMES": "pingbiao.example, ,pb.example",
            "LIANPING_CAMERA_NETWORKS": "10.20.0.0/16, fd00::/8",
            "LIANPING_TURN_URLS": "turn:10.0.0.3:3478, turns:[2001:db8::3]:443?transport=tcp",
            "LIANPING_TURN_SECRET": "north",
        }
    )

    assert settings == Settings(
        data=Path("/srv/lianping"),
        redis_url="redis://store:6379/0",
        host="::1",
        port=443,
        tls=Tls.FILES,
        tls_chain=Path("/etc/chain.pem"),
        tls_key=Path("/etc/key.pem"),
        media=False,
        media_host="10.0.0.1",
        media_port=9000,
        media_addresses=("10.0.0.1", "10.0.0.2"),
        names=("pingbiao.example", "pb.example"),
        camera_networks=("10.20.0.0/16", "fd00::/8"),
        turn_urls=("turn:10.0.0.3:3478", "turns:[2001:db8::3]:443?transport=tcp"),
        turn_secret="north",
    )


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("LIANPING_PROT", "8443", "unknown field `prot`"),
        ("LIANPING_PORT", "high", "`$.port`"),
        ("LIANPING_TLS", "maybe", "`$.tls`"),
        ("LIANPING_MEDIA", "perhaps", "`$.media`"),
    ],
)
def test_a_variable_that_is_unknown_or_makes_no_sense_is_refused(variable: str, value: str, says: str) -> None:
    with pytest.raises(SettingsUnusable) as refused:
        read_settings({variable: value})

    assert says in str(refused.value)


@pytest.mark.parametrize("given", [{}, {"LIANPING_TLS_CHAIN": "c"}, {"LIANPING_TLS_KEY": "k"}])
def test_certificate_files_are_named_both_or_not_at_all(given: dict[str, str]) -> None:
    with pytest.raises(SettingsUnusable, match="needs LIANPING_TLS_CHAIN and LIANPING_TLS_KEY"):
        read_settings({"LIANPING_TLS": "files", **given})


@pytest.mark.parametrize("given", [{"LIANPING_TURN_URLS": "turn:10.0.0.3"}, {"LIANPING_TURN_SECRET": "north"}])
def test_relays_are_named_with_their_secret_or_not_at_all(given: dict[str, str]) -> None:
    with pytest.raises(SettingsUnusable, match="go together"):
        read_settings(given)


def test_a_refusal_is_told_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    with pytest.raises(SettingsUnusable, match="必须同时设置"):
        read_settings({"LIANPING_TURN_SECRET": "north"})


@pytest.mark.parametrize("url", ["10.0.0.3:3478", "stun:10.0.0.3", "turn:", "turn:10.0.0.3?transport=tls", "turn:a b"])
def test_address_that_is_no_relay_is_refused(url: str) -> None:
    with pytest.raises(SettingsUnusable, match="is no address like turn:HOST:3478"):
        read_settings({"LIANPING_TURN_URLS": url, "LIANPING_TURN_SECRET": "north"})


@pytest.mark.parametrize("network", ["10.0.0.5/8", "camera.example", "10.0.0.0/33"])
def test_network_that_is_none_is_refused(network: str) -> None:
    with pytest.raises(SettingsUnusable, match=r"is no network like 192\.168\.0\.0/16"):
        read_settings({"LIANPING_CAMERA_NETWORKS": network})
