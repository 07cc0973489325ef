"""A project's classes: the page on which they are added, named, merged and parted."""
