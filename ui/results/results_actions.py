"""What can be done on the results page, with its keys."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import Key, KeyTable


class ResultsAction(Enum):
    """What a person can do with results."""

    HOME = "home"
    OPEN = "open"
    RELOAD = "reload"
    SHOW_ALL = "show_all"
    STUDY = "study"
    DATASET = "dataset"
    INTERFACE = "interface"
    ROBOTS = "robots"
    OVERVIEW = "overview"
    PARTICIPANTS = "participants"
    EXCLUSIONS = "exclusions"
    ON_PAGES = "on_pages"
    TRIALS = "trials"
    RATIOS = "ratios"
    SUMMARY = "summary"
    PAGES = "pages"
    CELLS = "cells"
    PAGE_COSTS = "page_costs"
    QUESTIONS = "questions"
    AGREEMENTS = "agreements"
    EXCEL = "excel"
    FIGURE = "figure"
    COPY = "copy"


_A = ResultsAction
RESULTS_KEYS = KeyTable(
    "Results",
    (
        Key(_A.HOME, ("Esc",), "Cancel what is going on, or go to the home page", "Home"),
        Key(_A.OPEN, ("Ctrl+O",), "Show the results of another file", "Open ..."),
        Key(_A.RELOAD, ("F5",), "Read the file again, or try again what failed", "Read again"),
        Key(_A.SHOW_ALL, ("Ctrl+L",), "Take all filters off", "Show all"),
        Key(_A.STUDY, ("Alt+S",), "Choose the study to show", "Study"),
        Key(_A.DATASET, ("Alt+D",), "Choose the data set to show", "Data set"),
        Key(_A.INTERFACE, ("Alt+I",), "Choose the interface to show", "Interface"),
        Key(
            _A.ROBOTS,
            ("Alt+R",),
            "Show and export simulated participants too, or people alone",
            "Simulated participants too",
        ),
        Key(_A.OVERVIEW, ("Ctrl+1",), "The figure, and all participants together", "Overview"),
        Key(_A.PARTICIPANTS, ("Ctrl+2",), "Each participant and data set", "Participants"),
        Key(_A.EXCLUSIONS, ("Ctrl+3",), "What each exclusion rule removed", "Exclusions"),
        Key(_A.ON_PAGES, ("Ctrl+4",), "What pages of many images cost each participant", "Pages"),
        Key(_A.TRIALS, ("Ctrl+T",), "Export one row per trial as CSV", "Trials"),
        Key(_A.RATIOS, ("Ctrl+R",), "Export one row per participant and data set as CSV", "Ratios"),
        Key(_A.SUMMARY, ("Ctrl+M",), "Export one row per data set as CSV", "Summary"),
        Key(_A.QUESTIONS, ("Ctrl+E",), "Export the answers to the plan's questions as CSV", "Questions"),
        Key(
            _A.AGREEMENTS, ("Ctrl+J",), "Export what each participant agreed to, and when, as CSV", "Consent"
        ),
        Key(_A.PAGES, ("Ctrl+P",), "Export one row per page as CSV", "Pages"),
        Key(_A.CELLS, ("Ctrl+I",), "Export one row per image of a page as CSV", "Images"),
        Key(_A.PAGE_COSTS, ("Ctrl+U",), "Export what pages cost as CSV", "Costs"),
        Key(
            _A.EXCEL,
            ("Alt+X",),
            "Export tables for Excel, with this system's separators, or for other programs",
            "Excel",
        ),
        Key(_A.FIGURE, ("Ctrl+G",), "Save the figure as PNG or SVG, with its numbers", "Figure"),
        Key(_A.COPY, (), "Copy the selected rows of a table", names="Ctrl+C"),  # by the table itself
    ),
)
