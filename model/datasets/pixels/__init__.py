"""How what an image file holds becomes the pixels that person and model see."""
