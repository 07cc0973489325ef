"""Pages: many images of one suggested class, of which a person marks the odd ones; the timing study, live rounds and
experiments share what is here.
"""
