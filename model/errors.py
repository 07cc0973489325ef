"""The one kind of exception whose text is meant for a person."""


class UserError(Exception):
    """Something a person can mend: the text is a sentence that says what happened and what to do.

    Every other exception is a bug and ends in a crash report.
    """


class SelectionError(UserError):
    """Something that no strategy can select from; the text says what to mend."""
