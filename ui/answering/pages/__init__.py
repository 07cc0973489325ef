"""A page of many images of one suggested class: shown, marked and confirmed; for the study and for labeling."""
