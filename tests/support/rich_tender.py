"""The textbook's tender with three criteria that members score, so that a sheet is a table."""

import re

from msgspec.structs import replace

from server.tender.bid_files import WholeTender
from server.tender.read import read_tender
from server.tender.template import textbook, textbook_text

CRITERIA = ("plan", "team", "reputation")
"What members score, in the order of the sheet."


def rich_tender(unit: str = "0.5") -> WholeTender:
    """Points are multiples of the unit; the acts still give halves."""
    text = textbook_text().replace("max_points: 15, unit: 0.5", f"max_points: 15, unit: {unit}")
    for name, title, points in (("team", "项目班子", 6), ("reputation", "企业信誉", 5)):
        text = text.replace(
            f"{{kind: given, id: {name}, title: {title}, max_points: {points}, unit: 0.5}}",
            f"{{kind: members, id: {name}, title: {title}, max_points: {points}, unit: {unit}}}",
        )
        text = re.sub(rf", {name}: [0-9.]+", "", text)
    return replace(textbook(), tender=read_tender(text).tender)
