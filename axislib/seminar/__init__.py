"""The seminar: sheets out and back in, agreement, adjudication, a quiz, other codings."""
