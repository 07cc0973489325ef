"""Opens and closes the program's one timing study."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from studies.timing.session.opening import Opening
from ui.shell import Shell
from ui.study.hosting import make_host
from ui.study.study_flow import StudyFlow


class OpenStudy(QObject):
    """Holds at most one study."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.flow: StudyFlow | None = None

    def open(self, opening: Opening) -> StudyFlow:
        """Open a study for participants. Raises ``UserError`` where its file cannot be used."""
        self.close()
        shell = self._shell
        self.flow = StudyFlow(make_host(opening, shell), shell.jobs, shell.pages)
        self.flow.left.connect(self._leave)
        self.flow.help_wanted.connect(shell.show_help)
        self.flow.welcome.full_screen_wanted.connect(shell.set_full_screen)
        shell.keep(replace(shell.preferences, last_store=opening.store).with_recent(opening.store))
        self.flow.open()
        if opening.participant is not None:
            self.flow.begin(opening.participant)
        return self.flow

    def close(self) -> None:
        """Close the open study; a session under way can be resumed."""
        if self.flow is not None:
            self.flow.close()
            self.flow.deleteLater()
            self.flow = None

    def _leave(self) -> None:
        self.close()
        self._shell.go_home()
