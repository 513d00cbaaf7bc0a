"""The seminar: sheets out and back in, agreement, adjudication, a quiz; students' codings in the
place of the project's."""
