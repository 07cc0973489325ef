"""CLARIFIER Desktop: the application that joins the learner, the studies and the windows."""

__version__ = "0.1.0"
