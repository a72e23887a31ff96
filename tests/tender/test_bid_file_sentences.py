from server.tender.bid_file_sentences import BID_FILE_SENTENCES
from server.tender.messages import SENTENCES


def test_every_sentence_about_a_file_names_it_or_what_was_found() -> None:
    for code, sentence in BID_FILE_SENTENCES.items():
        assert code.startswith("bid_file")
        assert all("{file}" in text or "{found}" in text for text in (sentence.en, sentence.zh)), code
        assert SENTENCES[code] is sentence
