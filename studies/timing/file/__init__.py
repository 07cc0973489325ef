"""A timing study's file: tables, triggers, views, merging."""
