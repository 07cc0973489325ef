"""A timing study: setting up, and participants one after another."""
