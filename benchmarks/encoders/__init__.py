"""How well encoders tell the images of real sets apart, and what is chosen by measuring."""
