"""One session as a pure state machine, and what joins it to plan, images and file."""
