"""Keeps every track as it passes: closed WebM pieces of at most four seconds, without decoding."""
