"""What every page is made of: theme, layouts, tables, dialogs, background jobs."""
