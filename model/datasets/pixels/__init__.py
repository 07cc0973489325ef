"""How what an image file holds becomes the pixels that person and model see."""

PIXEL_RULES = 3
"""Version of the rules by which files become pixels: experiments of another version on own files are run anew."""
