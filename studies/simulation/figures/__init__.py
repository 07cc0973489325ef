"""From the file of experiments to curves, tables and figures."""
