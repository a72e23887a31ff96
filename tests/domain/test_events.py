import re
from typing import get_args

import pytest

from server.domain.events import AnyEvent, DocumentKeyCertified, Event

PERSONAL = {
    "person_sealed",
    "seat_released",
    "recusal_grounds",
    "member_replaced",
    "sheet_examined",
    "examination_concluded",
    "return_grounds",
    "document_key_certified",
    "report_issued",
    "dissent_stated",
    "refusal_minute",
    "message_sent",
    "room_camera_added",
    "recording_waived",
    "wall_pass_given",
    "room_paused",
    "room_closed",
}
"Events with personal data or free text."

EVENTS: tuple[type[Event], ...] = get_args(AnyEvent)


def tag_of(event: type[Event]) -> str:
    return str(event.__struct_config__.tag)


@pytest.mark.parametrize("event", EVENTS)
def test_tag_is_the_class_in_small_letters(event: type[Event]) -> None:
    assert tag_of(event) == re.sub(r"(?<!^)([A-Z])", r"_\1", event.__name__).lower()


def test_free_text_and_personal_data_stand_in_events_marked_personal() -> None:
    assert {tag_of(event) for event in EVENTS if event.personal} == PERSONAL


@pytest.mark.parametrize("event", EVENTS)
def test_event_with_a_field_for_free_text_is_personal(event: type[Event]) -> None:
    texts = {
        "reason",
        "grounds",
        "person",
        "verdicts",
        "rejected",
        "competition",
        "text",
        "minute",
        "matters",
        "label",
        "place",
    }
    names_somebody = event is DocumentKeyCertified

    assert event.personal == (names_somebody or bool(texts & set(event.__struct_fields__)))
