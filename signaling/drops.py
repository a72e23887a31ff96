"""What is dropped of what comes, by reason: counted, so that an operator can see it, and else without a trace."""

from collections import Counter

from signaling.messages import DropReason

Drops = Counter[DropReason]
"Of one connection, or of the port where it belongs to none."
