from server.web.protocol.__main__ import PAGE, TYPES
from server.web.protocol.page import page
from server.web.protocol.typescript import typescript


def test_the_description_is_what_the_types_say_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_types_of_the_page_are_what_the_servers_types_are_now() -> None:
    assert TYPES.read_text(encoding="utf-8") == typescript()
