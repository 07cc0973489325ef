"""A labeling project's file: tables, views, exports, imports."""
